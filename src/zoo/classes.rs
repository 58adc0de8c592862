//! The 1000 ImageNet classes.

use crate::{Error, Result};

/// Their names in the order of every ImageNet classifier's outputs.
///
/// ```
/// let names = convlens::zoo::imagenet_classes();
/// assert_eq!(names.len(), 1000);
/// assert_eq!(names[281], "tabby");
/// ```
pub fn imagenet_classes() -> Vec<String> {
    include_str!("imagenet_classes.txt").lines().map(String::from).collect()
}

/// So many names still fit an error message.
const FEW: usize = 10;

/// The index of the class of that exact name, upper or lower case.
///
/// ```
/// assert_eq!(convlens::zoo::class_index("tabby")?, 281);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn class_index(name: &str) -> Result<i64> {
    let names = imagenet_classes();
    let same = |n: &String| n.eq_ignore_ascii_case(name);
    if let Some(index) = names.iter().position(same) {
        return Ok(index as i64);
    }
    let wanted = name.to_lowercase();
    let alike = |n: &String| !wanted.is_empty() && n.to_lowercase().contains(&wanted);
    let near: Vec<String> = names.into_iter().filter(alike).take(FEW).collect();
    let advice = match near.is_empty() {
        true => "see `imagenet_classes()` for all names".to_string(),
        false => format!("did you mean: {}?", near.join(", ")),
    };
    Err(Error::argument("class name", "an ImageNet class", format!("`{name}`"), advice))
}
