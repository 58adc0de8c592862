//! Photos decoded on a thread of their own, ahead of whoever works on them.

use super::{Photos, Unreadable};
use crate::{Error, Result};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use tch::Tensor;

/// Finished batches that wait for their reader.
const AHEAD: usize = 2;

/// Some photos as one tensor.
#[derive(Debug)]
pub struct Batch {
    /// Which of [`Photos::files`] these are.
    pub index: Vec<usize>,
    /// The photos, `[n, 3, size, size]`, in that order.
    pub images: Tensor,
}

/// The iterator that [`Photos::batches`] returns; it ends after its first error.
///
/// Its `size_hint` is the number of batches without unreadable files, which may cut it short.
#[derive(Debug)]
pub struct Batches {
    /// One error for each file that was left out so far ([`Unreadable::Skip`]).
    pub skipped: Vec<Error>,
    messages: Option<Receiver<Message>>,
    thread: Option<JoinHandle<()>>,
    left: usize,
    any: bool,
}

#[derive(Debug)]
enum Message {
    Batch(Batch),
    Skipped(Error),
    Failed(Error),
}

impl Photos {
    /// Reads the files batch by batch, on a thread of its own, ahead of the loop that uses them.
    ///
    /// Memory does not grow with the number of files: at most four batches exist at a time, one in
    /// the loop, two waiting and one being read. Dropping the iterator ends the thread with its file.
    /// A batch whose files were all left out does not come.
    /// Errors: no files, a batch of 0 or too large, a size outside 1..=8000. Batches can be
    /// errors too: an unreadable file, or not a single readable one.
    pub fn batches(&self) -> Result<Batches> {
        if self.files.is_empty() {
            let advice = "find some with `Photos::in_folder`";
            return Err(Error::argument("photos", "at least one file", 0, advice));
        }
        if self.batch == 0 {
            return Err(Error::argument("photos", "batches of 1 or more", 0, "use 16"));
        }
        self.check()?;
        let (sender, messages) = sync_channel(AHEAD);
        let photos = self.clone();
        let thread = std::thread::spawn(move || photos.send_to(&sender));
        let left = self.files.len().div_ceil(self.batch);
        let messages = Some(messages);
        Ok(Batches { skipped: vec![], messages, thread: Some(thread), left, any: false })
    }

    fn send_to(&self, sender: &SyncSender<Message>) {
        let all: Vec<usize> = (0..self.files.len()).collect();
        let sent = all.chunks(self.batch).map(|group| self.send(group, sender));
        sent.take_while(Option::is_some).for_each(drop);
    }

    /// `None` where there is no more to send: after an error, or when the receiver is gone.
    fn send(&self, group: &[usize], sender: &SyncSender<Message>) -> Option<()> {
        let (mut index, mut images) = (vec![], vec![]);
        for &i in group {
            match (self.read(&self.files[i]), self.unreadable) {
                (Ok(image), _) => {
                    index.push(i);
                    images.push(image);
                }
                (Err(e), Unreadable::Skip) => sender.send(Message::Skipped(e)).ok()?,
                (Err(e), Unreadable::Error) => {
                    sender.send(Message::Failed(e)).ok()?;
                    return None;
                }
            }
        }
        if index.is_empty() { Some(()) } else { sender.send(joined(index, &images)).ok() }
    }
}

fn joined(index: Vec<usize>, images: &[Tensor]) -> Message {
    match Tensor::f_cat(images, 0) {
        Ok(images) => Message::Batch(Batch { index, images }),
        Err(e) => Message::Failed(e.into()),
    }
}

impl Iterator for Batches {
    type Item = Result<Batch>;

    fn next(&mut self) -> Option<Result<Batch>> {
        loop {
            let Ok(message) = self.messages.as_ref()?.recv() else { return self.end() };
            match message {
                Message::Skipped(e) => self.skipped.push(e),
                Message::Failed(e) => {
                    self.messages = None;
                    return Some(Err(e));
                }
                Message::Batch(batch) => {
                    self.any = true;
                    self.left = self.left.saturating_sub(1);
                    return Some(Ok(batch));
                }
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = if self.messages.is_some() { self.left } else { 0 };
        (left, Some(left))
    }
}

impl Batches {
    fn end(&mut self) -> Option<Result<Batch>> {
        self.messages = None;
        if self.thread.take()?.join().is_err() {
            let advice = "find the file by reading them one by one with `pixels::load`";
            return Some(Err(Error::argument(
                "photos",
                "pictures",
                "one no decoder survives",
                advice,
            )));
        }
        match self.skipped.first() {
            Some(first) if !self.any => {
                let got = format!("{} unreadable files", self.skipped.len());
                Some(Err(Error::argument("photos", "at least one picture", got, first)))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thread_ends_when_its_reader_is_gone() {
        let flower = concat!(env!("CARGO_MANIFEST_DIR"), "/data/photos/flower.jpg");
        let files = vec![flower.into(); 1000];
        let photos = Photos { files, batch: 1, size: 8, ..Photos::default() };
        let mut batches = photos.batches().unwrap();
        let thread = batches.thread.take().unwrap();
        assert_eq!(batches.next().unwrap().unwrap().index, [0]);
        let start = std::time::Instant::now();
        drop(batches);
        thread.join().unwrap();
        assert!(start.elapsed().as_secs() < 5, "1000 photos take longer");
    }
}
