use convlens::prelude::*;
// What evcxr generates around a cell prints these two when the cell panicked or a `?` failed. Said to
// the relay as well, they make the cell an error; all other lines are printed as always. (The "end" is
// there because evcxr may pass on a cell's very last line too late, and EVCXR_END_CONTENT because the cell
// may have begun an output and never ended it, in which evcxr would look for nothing else.)
macro_rules! println {
    ("EVCXR_PANIC_NOTIFICATION") => {{
        std::println!("\u{1e}ConvLens {{\"type\":\"end\"}}\nEVCXR_END_CONTENT");
        std::println!("\u{1e}ConvLens {{\"type\":\"failed\",\"by\":\"panic\"}}\n\u{1e}ConvLens {{\"type\":\"end\"}}");
        std::println!("EVCXR_PANIC_NOTIFICATION")
    }};
    ("{}", evcxr_internal_runtime::USER_ERROR_OCCURRED) => {{
        std::println!("\u{1e}ConvLens {{\"type\":\"end\"}}\nEVCXR_END_CONTENT");
        std::println!("\u{1e}ConvLens {{\"type\":\"failed\",\"by\":\"error\"}}\n\u{1e}ConvLens {{\"type\":\"end\"}}");
        std::println!("{}", evcxr_internal_runtime::USER_ERROR_OCCURRED)
    }};
    ($($text:tt)*) => { std::println!($($text)*) };
}
// evcxr takes EVCXR_EXECUTION_COMPLETE for the end of a cell, whoever prints it. So the relay has to know
// where a cell really begins and ends. Of each variable evcxr's code around a cell makes the name with
// `stringify!`: to check it and to take it before the cell, and to put it back behind. The relay defines a
// variable of this name. The count begins with 0 in each cell, because each is a program of its own.
static CONVLENS_CELL: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
macro_rules! stringify {
    (convlens_cell) => {{
        match crate::CONVLENS_CELL.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 => std::println!("\u{1e}ConvLens {{\"type\":\"begun\"}}"),
            2 => {
                std::println!("\u{1e}ConvLens {{\"type\":\"end\"}}\nEVCXR_END_CONTENT");
                std::println!("\u{1e}ConvLens {{\"type\":\"done\"}}\n\u{1e}ConvLens {{\"type\":\"end\"}}");
            }
            _ => (),
        }
        "convlens_cell"
    }};
    ($($text:tt)*) => { std::stringify!($($text)*) };
}
// evcxr passes stderr on late or never; in the order of the cell's other output it is of more use.
macro_rules! eprintln {
    ($($text:tt)*) => { convlens::show::stderr(&std::format!($($text)*)) };
}
// The cell with a session's first `?` shows a figure as text; here it is over and done with. From now
// on every cell has evcxr's code for a failing `?`, so it uses the crate, whose panic hook comes with it.
Ok::<(), std::fmt::Error>(())?;
