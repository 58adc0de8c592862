//! Numbers as a reader wants them on a figure.

/// Three significant digits: `0.25`, `−3`, `1.5×10⁻⁵`.
pub(crate) fn short(v: f64) -> String {
    if !v.is_finite() {
        return v.to_string();
    }
    // Rounding first, so that 0.99996 has the digits of 1.
    let rounded: f64 = format!("{v:.2e}").parse().unwrap_or(v);
    let power = power(rounded);
    if !(-3..5).contains(&power) {
        return format!("{}×10{}", plain(rounded / 10f64.powi(power), 2), raised(power));
    }
    plain(rounded, (2 - power).max(0) as usize)
}

/// The power of ten of a number's first digit; 0 for 0.
pub(super) fn power(v: f64) -> i32 {
    if v == 0.0 { 0 } else { (v.abs().log10() + 1e-9).floor() as i32 }
}

/// A number with at most so many decimals, and a real minus sign.
fn plain(v: f64, decimals: usize) -> String {
    let text = fixed(v, decimals);
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// A number with just so many decimals, and a real minus sign.
pub(super) fn fixed(v: f64, decimals: usize) -> String {
    let text = format!("{v:.decimals$}");
    let zero = text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.'));
    if zero { text.replace('-', "") } else { text.replace('-', "−") }
}

/// An exponent in raised digits.
fn raised(power: i32) -> String {
    let digit = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        c => c.to_digit(10).and_then(|d| char::from_u32(0x2070 + d)).unwrap_or(c),
    };
    power.to_string().chars().map(digit).collect()
}

/// The marks of an axis.
pub(super) struct Ticks {
    /// Where they stand, in the axis' own values.
    pub values: Vec<f64>,
    /// What is written at them.
    pub texts: Vec<String>,
    /// What the texts are to be multiplied with, `×10⁻³`, or nothing.
    pub unit: String,
}

/// Three to six marks at round numbers between two values.
pub(super) fn ticks([low, high]: [f64; 2]) -> Ticks {
    if low >= high {
        return Ticks { values: vec![low], texts: vec![short(low)], unit: String::new() };
    }
    let step = round_step((high - low) / 5.0);
    let first = (low / step - 1e-6).ceil() as i64;
    let last = (high / step + 1e-6).floor() as i64;
    let values: Vec<f64> = (first..=last).map(|i| i as f64 * step).collect();
    let most = power(values.iter().fold(0f64, |m, v| m.max(v.abs())));
    let scale = if (-2..4).contains(&most) { 0 } else { most };
    let decimals = (scale - power(step)).max(0) as usize;
    let texts = values.iter().map(|v| fixed(v / 10f64.powi(scale), decimals)).collect();
    let unit = if scale == 0 { String::new() } else { format!("×10{}", raised(scale)) };
    Ticks { values, texts, unit }
}

/// The nearest of 1, 2, 5 times a power of ten that is not smaller.
pub(super) fn round_step(least: f64) -> f64 {
    let ten = 10f64.powi(power(least));
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|s| s * ten >= least * (1.0 - 1e-9));
    step.unwrap_or(10.0) * ten
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_at_any_size() {
        let pairs = [
            (0.0, "0"),
            (0.25, "0.25"),
            (-3.0, "−3"),
            (0.0012345, "0.00123"),
            (99_960.0, "1×10⁵"),
            (12_345.0, "12300"),
            (-0.000015, "−1.5×10⁻⁵"),
            (0.99996, "1"),
            (f64::NAN, "NaN"),
        ];
        for (v, text) in pairs {
            assert_eq!(short(v), text);
        }
    }

    #[test]
    fn ticks_stand_at_round_numbers() {
        let marks = ticks([-0.3, 0.3]);
        assert_eq!(marks.texts, ["−0.2", "0.0", "0.2"]);
        let marks = ticks([0.0, 1.0]);
        assert_eq!(marks.texts, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        let marks = ticks([0.0, 0.0041]);
        assert_eq!(marks.texts, ["0", "1", "2", "3", "4"]);
        assert_eq!(marks.unit, "×10⁻³");
        assert_eq!(ticks([0.0, 70_000.0]).unit, "×10⁴");
        assert_eq!(ticks([5.0, 5.0]).texts, ["5"]);
    }
}
