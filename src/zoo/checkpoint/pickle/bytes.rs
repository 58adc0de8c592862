//! The pickle's bytes: nothing is allocated before it has been read.

use crate::zoo::checkpoint::fault::{Fault, Result};
use std::io::{Read, Take};

const MAX_PICKLE: u64 = 64 << 20;
const MAX_TEXT: u64 = 64 << 10;

/// A pickle's arguments, in the byte order of all pickles: little-endian.
pub(super) struct Bytes<'a> {
    source: Take<&'a mut dyn Read>,
}

impl<'a> Bytes<'a> {
    pub fn new(source: &'a mut dyn Read) -> Self {
        Bytes { source: source.take(MAX_PICKLE) }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        self.source.read_exact(&mut array)?;
        Ok(array)
    }

    pub fn u8(&mut self) -> Result<u8> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    pub fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub fn i32(&mut self) -> Result<i32> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    pub fn u64(&mut self) -> Result<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// A signed integer of up to 16 bytes, its length first.
    pub fn long(&mut self) -> Result<i128> {
        let count = usize::from(self.u8()?);
        if count > 16 {
            return Err(Fault::damaged(format!("it has an integer of {count} bytes")));
        }
        let mut bytes = [0; 16];
        self.source.read_exact(&mut bytes[..count])?;
        let unused = 128 - 8 * count as u32;
        Ok(i128::from_le_bytes(bytes).checked_shl(unused).map_or(0, |n| n >> unused))
    }

    /// Text of `count` bytes.
    pub fn text(&mut self, count: u64) -> Result<String> {
        if count > MAX_TEXT {
            return Err(Fault::damaged(format!("it has a text of {count} bytes")));
        }
        let mut text = Vec::new();
        let got = (&mut self.source).take(count).read_to_end(&mut text)?;
        if got as u64 != count {
            return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
        }
        utf8(text)
    }

    /// Text up to a newline.
    pub fn line(&mut self) -> Result<String> {
        let mut text = Vec::new();
        loop {
            match self.u8()? {
                b'\n' => return utf8(text),
                _ if text.len() > 255 => return Err(Fault::damaged("it has a name too long")),
                byte => text.push(byte),
            }
        }
    }
}

fn utf8(text: Vec<u8>) -> Result<String> {
    String::from_utf8(text).map_err(|_| Fault::damaged("it has a text that is not UTF-8"))
}
