//! Panics in a notebook cell as one readable line.

use super::place::{Place, place};
use super::relay;
use crate::clean::line;
use crate::error::first_sentence;
use serde_json::json;
use std::io::{Write, stderr};
use std::panic::{Location, PanicHookInfo, set_hook};

/// Makes every later panic in a notebook one line: its message, without libtorch's C++ frames.
///
/// A stock kernel shows panics only on standard error, so there, and only there, the line goes to
/// standard error. Outside a notebook panics are left alone.
extern "C" fn when_loaded() {
    if matches!(place(), Place::Relay { .. } | Place::Evcxr) {
        set_hook(Box::new(tell));
    }
}

// The system calls the functions in this list when it loads a cell (or a program, where it does
// nothing). The compiler calls that unsafe because such a list must hold nothing but functions.
#[allow(unsafe_code)]
#[used]
#[cfg_attr(target_os = "linux", unsafe(link_section = ".init_array"))]
#[cfg_attr(target_os = "macos", unsafe(link_section = "__DATA,__mod_init_func"))]
static WHEN_LOADED: extern "C" fn() = when_loaded;

fn tell(panic: &PanicHookInfo) {
    let at = |place: &Location| format!("panic without a message, at {place}");
    let without = || panic.location().map(at).unwrap_or_default();
    let text = panic.payload_as_str().map_or_else(without, one_line);
    let text = line(&text);
    // Nobody is left to read what cannot be written.
    let _ = match place() {
        Place::Relay { .. } => relay::send(&json!({ "type": "panic", "text": text })),
        _ => writeln!(stderr(), "error: {text}"),
    };
}

/// A panic's message; from a `TchError`, which panics with its quoted form, only what went wrong.
fn one_line(message: &str) -> String {
    let Some((_, quoted)) = message.split_once("Torch(\"") else {
        return first_sentence(message);
    };
    let text = quoted.strip_suffix("\")").unwrap_or(quoted);
    let text = text.replace("\\n", "\n").replace("\\\"", "\"").replace("\\'", "'");
    format!("libtorch: {}", first_sentence(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libtorch_says_what_went_wrong_and_others_all_of_it() {
        let a = tch::Tensor::zeros([2, 3], (tch::Kind::Float, tch::Device::Cpu));
        let payload = std::panic::catch_unwind(|| a.matmul(&a)).unwrap_err();
        let message = payload.downcast_ref::<String>().unwrap();
        assert!(message.len() > 1000, "{message}");
        let expected = "libtorch: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)";
        assert_eq!(one_line(message), expected);
        assert_eq!(
            one_line(r#"`Err` value: Torch("no \"x\"\nin it")"#),
            "libtorch: no \"x\" in it"
        );
        assert_eq!(
            one_line("assertion failed\n  left: 1\n right: 2"),
            "assertion failed left: 1 right: 2"
        );
    }
}
