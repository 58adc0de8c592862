//! A bank as a file.

use super::Bank;
use crate::check::finite;
use crate::clean::line;
use crate::pixels::write_file;
use crate::{Error, Result, regular};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use std::collections::HashMap;
use std::path::Path;
use tch::{Device, Kind, Tensor};

const NAME: &str = "features";
const KIND: &str = "convlens bank";
/// 16 GB: a file is held in memory as a whole.
const MOST_BYTES: u64 = 1 << 34;

impl Bank {
    /// Writes the bank as one safetensors file: the tensor `features`, the names in its metadata.
    ///
    /// The file appears whole or not at all.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        self.check()?;
        let path = path.as_ref();
        let failed = |e: &dyn std::fmt::Display| Error::file(path, e, "save a bank of floats");
        let values =
            self.features.f_to_device(Device::Cpu)?.f_to_kind(Kind::Float)?.f_contiguous()?;
        let mut bytes = vec![0; values.numel() * 4];
        values.f_copy_data_u8(&mut bytes, values.numel())?;
        let shape = self.features.size().iter().map(|&s| s as usize).collect();
        let view = TensorView::new(Dtype::F32, shape, &bytes).map_err(|e| failed(&e))?;
        let text = |names: &[String]| serde_json::Value::from(names).to_string();
        let metadata = HashMap::from([
            ("kind".to_string(), KIND.to_string()),
            ("layer".to_string(), self.layer.clone()),
            ("files".to_string(), text(&self.files)),
            ("categories".to_string(), text(&self.categories)),
            ("skipped".to_string(), text(&self.skipped)),
        ]);
        let file =
            safetensors::serialize([(NAME, view)], Some(metadata)).map_err(|e| failed(&e))?;
        write_file(path, &file)
    }

    /// Reads a bank that [`Bank::save`] wrote.
    ///
    /// Errors: a file that is missing, damaged, or something else.
    pub fn load(path: impl AsRef<Path>) -> Result<Bank> {
        let path = path.as_ref();
        let bytes = regular::read(path, MOST_BYTES).map_err(|e| {
            Error::file(path, format!("cannot be read ({e})"), "check its name and permissions")
        })?;
        let other = |why: String| {
            Error::file(
                path,
                format!("is no bank of features: {why}"),
                "save one with `Bank::save`",
            )
        };
        let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|e| other(e.to_string()))?;
        let about = header.metadata().clone().unwrap_or_default();
        if about.get("kind").map(String::as_str) != Some(KIND) {
            return Err(other("its metadata do not say so".into()));
        }
        let file = SafeTensors::deserialize(&bytes).map_err(|e| other(e.to_string()))?;
        let view = file.tensor(NAME).map_err(|e| other(e.to_string()))?;
        let names = |key: &str| -> Result<Vec<String>> {
            let text = about.get(key).ok_or_else(|| other(format!("it has no {key}")))?;
            serde_json::from_str(text).map_err(|e| other(e.to_string()))
        };
        let (files, categories) = (names("files")?, cleaned(names("categories")?));
        let skipped = if about.contains_key("skipped") { names("skipped")? } else { vec![] };
        let rows = files.len();
        let fits = view.dtype() == Dtype::F32 && view.shape().len() == 2 && view.shape()[0] == rows;
        if !fits || categories.len() != rows {
            let shape = view.shape();
            return Err(other(format!("{rows} names for {:?} of {shape:?}", view.dtype())));
        }
        let size = [rows as i64, view.shape()[1] as i64];
        let features = Tensor::f_from_data_size(view.data(), &size, Kind::Float)?;
        finite(&features, "features").map_err(|e| other(e.to_string()))?;
        let layer = line(about.get("layer").map_or("", String::as_str));
        Ok(Bank { layer, files, categories, features, skipped: cleaned(skipped) })
    }
}

/// Each text as one line: who wrote the file may not write into a notebook.
fn cleaned(texts: Vec<String>) -> Vec<String> {
    texts.iter().map(|text| line(text)).collect()
}
