//! The only names a pickle may use.

use crate::zoo::checkpoint::fault::{Fault, Result, quoted};
use tch::Kind;

/// A name from the whitelist.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::zoo::checkpoint) enum Global {
    OrderedDict,
    /// `(storage, offset, size, stride)`: torch before 0.4, as torchvision's VGG files have it.
    RebuildTensor,
    /// The same with `requires_grad`, hooks and, lately, metadata.
    RebuildTensorV2,
    /// `(tensor, requires_grad, hooks)`.
    RebuildParameter,
    /// The class itself, which older torch pickled.
    Parameter,
    Storage(Kind),
}

impl Global {
    pub fn named(module: &str, name: &str) -> Result<Global> {
        let known = match (module, name) {
            ("collections", "OrderedDict") => Some(Global::OrderedDict),
            ("torch._utils", "_rebuild_tensor") => Some(Global::RebuildTensor),
            ("torch._utils", "_rebuild_tensor_v2") => Some(Global::RebuildTensorV2),
            ("torch._utils", "_rebuild_parameter") => Some(Global::RebuildParameter),
            ("torch.nn.parameter", "Parameter") => Some(Global::Parameter),
            ("torch", name) => storage_kind(name).map(Global::Storage),
            _ => None,
        };
        known.ok_or_else(|| {
            let name = quoted(&format!("{module}.{name}"));
            Fault::refused(format!("this file wants to run {name}; it is refused"))
        })
    }
}

/// Booleans are bytes here: in a hostile file they need not be 0 or 1.
fn storage_kind(name: &str) -> Option<Kind> {
    Some(match name {
        "FloatStorage" => Kind::Float,
        "HalfStorage" => Kind::Half,
        "BFloat16Storage" => Kind::BFloat16,
        "DoubleStorage" => Kind::Double,
        "LongStorage" => Kind::Int64,
        "IntStorage" => Kind::Int,
        "ShortStorage" => Kind::Int16,
        "CharStorage" => Kind::Int8,
        "ByteStorage" | "BoolStorage" => Kind::Uint8,
        _ => return None,
    })
}
