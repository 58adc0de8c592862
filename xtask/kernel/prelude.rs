use convlens::prelude::*;
// What evcxr generates around a cell prints these two when the cell panicked or a `?` failed. Said to
// the relay as well, they make the cell an error; all other lines are printed as always. (The "end" is
// there because evcxr may pass on a cell's very last line too late.)
macro_rules! println {
    ("EVCXR_PANIC_NOTIFICATION") => {{
        std::println!("\u{1e}ConvLens {{\"type\":\"failed\",\"by\":\"panic\"}}\n\u{1e}ConvLens {{\"type\":\"end\"}}");
        std::println!("EVCXR_PANIC_NOTIFICATION")
    }};
    ("{}", evcxr_internal_runtime::USER_ERROR_OCCURRED) => {{
        std::println!("\u{1e}ConvLens {{\"type\":\"failed\",\"by\":\"error\"}}\n\u{1e}ConvLens {{\"type\":\"end\"}}");
        std::println!("{}", evcxr_internal_runtime::USER_ERROR_OCCURRED)
    }};
    ($($text:tt)*) => { std::println!($($text)*) };
}
// evcxr passes stderr on late or never; in the order of the cell's other output it is of more use.
macro_rules! eprintln {
    ($($text:tt)*) => { convlens::show::stderr(&std::format!($($text)*)) };
}
// The cell with a session's first `?` shows a figure as text; here it is over and done with. From now
// on every cell has evcxr's code for a failing `?`, so it uses the crate, whose panic hook comes with it.
Ok::<(), std::fmt::Error>(())?;
