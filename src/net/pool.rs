//! The windows of pooling layers.

/// The window of a pooling layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pool {
    /// Height and width of the window.
    pub size: [i64; 2],
    /// Step between windows.
    pub stride: [i64; 2],
    /// Border added on every side.
    pub padding: [i64; 2],
    /// Whether a window that only partly fits at the far edge counts.
    pub ceil: bool,
}

impl Pool {
    /// Square windows, no padding, only those that fit.
    pub fn square(size: i64) -> Self {
        Pool { size: [size; 2], stride: [size; 2], padding: [0; 2], ceil: false }
    }

    /// The same windows at another step.
    pub fn stride(self, stride: i64) -> Self {
        Pool { stride: [stride; 2], ..self }
    }

    /// The same windows with a border.
    pub fn padding(self, padding: i64) -> Self {
        Pool { padding: [padding; 2], ..self }
    }

    /// The same windows, partly fitting ones included.
    pub fn ceil(self) -> Self {
        Pool { ceil: true, ..self }
    }
}
