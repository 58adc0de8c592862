//! The reader of torch checkpoints and safetensors: every format, and files that mean harm.

mod craft;
mod formats;
mod hostile;
mod layout;
mod mutations;
mod old_torch;
mod safetensors;
mod weights;
