//! How values other than figures show themselves at the end of a cell.

use super::number::short;
use crate::clean;
use tch::{Kind, Tensor};

/// What evcxr calls on a cell's last expression; in the prelude, so that it always finds it.
pub trait Shown {
    /// Shows the value in the notebook.
    fn evcxr_display(&self);
}

/// Cells that end in `for`, `if` or `while` show nothing.
impl Shown for () {
    fn evcxr_display(&self) {}
}

/// Shape, kind, range and the first values.
impl Shown for Tensor {
    fn evcxr_display(&self) {
        let text = describe(self).unwrap_or_else(|e| format!("tensor that cannot be read: {e}"));
        println!("{}", outputs(&text));
    }
}

/// What evcxr reads for a text.
pub(super) fn outputs(text: &str) -> String {
    let html = clean::output("text/html", &format!("<code>{}</code>", clean::html(text)));
    format!("{html}\n{}", clean::output("text/plain", &clean::line(text)))
}

fn describe(x: &Tensor) -> crate::Result<String> {
    let head = format!("Tensor {:?}, {:?}, {:?}", x.size(), x.f_kind()?, x.device());
    let flat = x.f_detach()?.f_to_device(tch::Device::Cpu)?.f_to_kind(Kind::Double)?;
    let flat = flat.f_flatten(0, -1)?;
    if flat.numel() == 0 {
        return Ok(format!("{head}: empty"));
    }
    let first = Vec::<f64>::try_from(flat.f_narrow(0, 0, flat.size()[0].min(6))?)?;
    let mut values: Vec<String> = first.into_iter().map(short).collect();
    if flat.numel() > values.len() {
        values.push("…".into());
    }
    let bad = flat.f_isfinite()?.f_logical_not()?.f_sum(Kind::Int64)?.f_int64_value(&[])?;
    let range = if bad > 0 {
        format!("{bad} of {} values NaN or infinite", flat.numel())
    } else {
        let [low, high] = [flat.f_min()?, flat.f_max()?].map(|v| short(v.double_value(&[])));
        format!("{low} to {high}, mean {}", short(flat.f_mean(Kind::Double)?.double_value(&[])))
    };
    Ok(format!("{head}: {range}: {}", values.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tensors_say_shape_kind_range_and_first_values() {
        let x = Tensor::from_slice(&[1f32, -2.0, 0.5, 0.25, 8.0, 3.0, 4.0, 1.25]).reshape([2, 4]);
        let text = describe(&x).unwrap();
        let expected = "Tensor [2, 4], Float, Cpu: −2 to 8, mean 2: 1, −2, 0.5, 0.25, 8, 3, …";
        assert_eq!(text, expected);
        let empty = Tensor::zeros([0, 3], (Kind::Int64, tch::Device::Cpu));
        assert_eq!(describe(&empty).unwrap(), "Tensor [0, 3], Int64, Cpu: empty");
        let nan = describe(&(x.zeros_like() / 0.0)).unwrap();
        assert!(nan.contains("8 of 8 values NaN"), "{nan}");
    }
}
