//! Many photos, read one batch after the other.

use super::{Decode, batch_size, centre_crop, resize, resize_short};
use crate::check::{values_within, within};
use crate::clean::line;
use crate::{Error, Result};
use std::collections::HashMap;
use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};
use tch::Tensor;

/// How a photo of any shape becomes a square.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Shorter side to 8/7 of the size, then the middle: [`super::imagenet_crop`] at 224.
    Crop,
    /// Both sides to the size: nothing is cut off, proportions change.
    Squash,
    /// Longer side to the size, the rest filled with [`Decode::background`]: for cut-outs.
    Whole,
}

/// What to do about a file that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// End with its error.
    Error,
    /// Leave it out and keep its error in [`super::Batches::skipped`].
    Skip,
}

/// A list of photo files and how they become batches of images.
///
/// The folder that a file lies in is its category. Files are read by [`Photos::batches`].
///
/// ```no_run
/// use convlens::pixels::Photos;
/// let photos = Photos { size: 64, ..Photos::in_folder("data/cutouts")? };
/// assert_eq!(photos.categories()[0], "ape");
/// for batch in photos.batches()? {
///     let batch = batch?;
///     println!("{}: {:?}", photos.files[batch.index[0]].display(), batch.images.size());
/// }
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Photos {
    /// The files, in the order in which they are read; of a picture inside a file of many, that
    /// file's path, its category and its number ([`Photos::cifar10`]).
    pub files: Vec<PathBuf>,
    /// How a photo becomes a square; by default [`Fit::Crop`].
    pub fit: Fit,
    /// Height and width of the images in pixels, up to 8000; by default 224.
    pub size: i64,
    /// How files become pixels; by default transparent pixels show mid-grey, which normalisation
    /// takes to about 0.
    pub decode: Decode,
    /// Files in a batch, whose images together hold at most 2^29 values (2 GB); by default 16.
    pub batch: usize,
    /// By default [`Unreadable::Error`].
    pub unreadable: Unreadable,
}

impl Default for Photos {
    fn default() -> Self {
        Self {
            files: vec![],
            fit: Fit::Crop,
            size: 224,
            decode: Decode { background: [0.5; 3], ..Decode::default() },
            batch: 16,
            unreadable: Unreadable::Error,
        }
    }
}

impl Photos {
    /// All pictures in a folder and its subfolders, in the order of their paths.
    ///
    /// Pictures are files named .png, .jpg, .jpeg, .webp or .gif in any case. Names that begin with a
    /// dot are passed over, and links to folders are not followed.
    /// Errors: a folder that cannot be read or holds no pictures.
    pub fn in_folder(path: impl AsRef<Path>) -> Result<Photos> {
        let path = path.as_ref();
        let mut files = vec![];
        collect(path, &mut files)?;
        if files.is_empty() {
            let advice = "name a folder with .png, .jpg, .webp or .gif files in it or below";
            return Err(Error::file(path, "the folder holds no pictures", advice));
        }
        files.sort();
        Ok(Photos { files, ..Photos::default() })
    }

    /// The category of each file: the name of its folder, as one line.
    pub fn categories(&self) -> Vec<String> {
        let folder = |file: &PathBuf| file.parent().and_then(Path::file_name).map(|n| n.to_owned());
        let name = |file| line(&folder(file).unwrap_or_default().to_string_lossy());
        self.files.iter().map(name).collect()
    }

    /// The first `n` files of each category, in the list's order; fewer where there are fewer.
    ///
    /// ```
    /// use convlens::pixels::Photos;
    /// let files = ["cat/1.png", "dog/2.png", "cat/3.png", "cat/4.png"].map(Into::into).to_vec();
    /// let two = Photos { files, ..Photos::default() }.take_per_category(2);
    /// assert_eq!(two.files, ["cat/1.png", "dog/2.png", "cat/3.png"].map(std::path::PathBuf::from));
    /// ```
    pub fn take_per_category(&self, n: usize) -> Photos {
        let mut taken: HashMap<String, usize> = HashMap::new();
        let mut first = |category: String| {
            let count = taken.entry(category).or_default();
            *count += 1;
            *count <= n
        };
        let all = self.files.iter().zip(self.categories());
        let files = all.filter_map(|(file, category)| first(category).then(|| file.clone()));
        Photos { files: files.collect(), ..self.clone() }
    }

    /// One file of the list as `[1, 3, size, size]`.
    ///
    /// Errors: no such file in the list, a file that cannot be read, a size outside 1..=8000, a photo
    /// that is too long and thin for [`Fit::Crop`] ([`resize_short`]).
    pub fn image(&self, index: usize) -> Result<Tensor> {
        let count = self.files.len();
        let file = self.files.get(index).ok_or_else(|| {
            Error::argument("index", format!("below {count}"), index, "see `Photos::files`")
        })?;
        self.check()?;
        self.read(file)
    }

    /// Whether size and batch are in their ranges.
    pub(super) fn check(&self) -> Result<()> {
        within("photos' size", self.size, 1..=8000, "use 224, for example")?;
        let count = self.batch.min(self.files.len()).max(1) as i64;
        values_within("photos of a batch", &[count, 3, self.size, self.size])
    }

    /// A photo as a `[1, 3, size, size]` image.
    pub(super) fn read(&self, file: &Path) -> Result<Tensor> {
        let photo = self.decode.load(file)?;
        let size = [self.size; 2];
        match self.fit {
            Fit::Crop => centre_crop(&resize_short(&photo, (self.size * 8 + 6) / 7)?, size),
            Fit::Squash => resize(&photo, size),
            Fit::Whole => self.whole(&photo),
        }
    }

    fn whole(&self, photo: &Tensor) -> Result<Tensor> {
        let [_, _, h, w] = batch_size(photo, "image")?;
        let shorter = (self.size * h.min(w) / h.max(w)).max(1);
        let photo =
            resize(photo, if h <= w { [shorter, self.size] } else { [self.size, shorter] })?;
        let [_, _, h, w] = batch_size(&photo, "image")?;
        let colour = Tensor::f_from_slice(&self.decode.background)?.f_to_kind(photo.kind())?;
        let size = [1, 3, self.size, self.size];
        let all = colour.f_view([1, 3, 1, 1])?.f_expand(size, false)?.f_contiguous()?;
        let middle = all.f_narrow(2, (self.size - h) / 2, h)?;
        middle.f_narrow(3, (self.size - w) / 2, w)?.f_copy_(&photo)?;
        Ok(all)
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let unreadable = |e: std::io::Error| {
        let why = format!("the folder cannot be read ({e})");
        Error::file(folder, why, "check its name and permissions")
    };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if entry.file_type().map_err(unreadable)?.is_dir() {
            collect(&entry.path(), files)?;
        } else if is_picture(&entry) {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn is_picture(entry: &DirEntry) -> bool {
    let path = entry.path();
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    ["png", "jpg", "jpeg", "webp", "gif"].contains(&extension.as_str()) && path.is_file()
}
