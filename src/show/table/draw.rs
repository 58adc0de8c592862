//! Drawing a table.

use super::super::Figure;
use super::super::canvas::{Canvas, INK, sheet};
use super::super::images::{WIDEST, shortened};
use super::super::number::{fixed, short};
use super::super::text::{Label, TEXT};
use super::{Entry, Table, number};
use crate::{Error, Result};
use image::Rgb;
use plotters_backend::text_anchor::{HPos, VPos};

const STEP: u32 = 26;
const PAD: u32 = 12;
/// What the highest value is painted with; dark text stays readable on it.
const FULL: [f64; 3] = [107.0, 174.0, 214.0];
/// A cell without a value.
const NOTHING: &str = "–";
const NAME: Label = Label { size: TEXT, anchor: (HPos::Right, VPos::Center), upwards: false };
const MIDDLE: Label = Label { anchor: (HPos::Center, VPos::Center), ..NAME };

impl Table {
    /// The table as a figure. Errors: as [`table`](super::table), and a `range` that does not rise.
    pub fn draw(&self) -> Result<Figure> {
        let range = self.scale()?;
        sheet([u64::from(STEP) * (self.rows.len() as u64 + 1), 0])?;
        let texts: Vec<Vec<String>> = self.rows.iter().map(|(_, r)| written(r, range)).collect();
        let names = self.rows.iter().map(|(name, _)| shortened(name, 300, NAME));
        let names = names.collect::<Result<Vec<_>>>()?;
        let left = widest(&names, NAME)? + 8;
        let (starts, total) = self.columns(&texts, left)?;
        let mut canvas = Canvas::new([STEP * (names.len() as u32 + 1), total])?;
        for (column, [at, width]) in self.columns.iter().zip(&starts) {
            canvas.text(column, [STEP / 2, at + width / 2], MIDDLE)?;
        }
        canvas.fill([STEP - 1, 0], [1, total], INK);
        for (i, name) in names.iter().enumerate() {
            let top = STEP * (i as u32 + 1);
            canvas.text(name, [top + STEP / 2, left - 8], NAME)?;
            let entries = self.rows[i].1.iter().zip(&texts[i]);
            for ((entry, text), [at, width]) in entries.zip(&starts) {
                canvas.fill([top + 1, at + 1], [STEP - 2, width - 2], shade(entry, range));
                canvas.text(text, [top + STEP / 2, at + width / 2], MIDDLE)?;
            }
        }
        let [low, high] = range.map(short);
        let scale = format!("{}, shaded from {low} to {high}", self.label);
        let alt = format!("table of {scale}; {}", self.described(&texts));
        let figure = Figure::new(canvas.picture, String::new())?.noted(&scale)?;
        Ok(Figure { alt, ..figure })
    }

    /// Where each column begins and how wide it is, and the width of the table.
    fn columns(&self, texts: &[Vec<String>], left: u32) -> Result<(Vec<[u32; 2]>, u32)> {
        let (mut starts, mut at) = (vec![], left);
        for (i, column) in self.columns.iter().enumerate() {
            let mut all: Vec<String> = texts.iter().map(|row| row[i].clone()).collect();
            all.push(column.clone());
            let width = (widest(&all, MIDDLE)? + 2 * PAD).max(64);
            starts.push([at, width]);
            at += width;
        }
        if at <= WIDEST {
            return Ok((starts, at));
        }
        let (expected, got) = (format!("at most {WIDEST} pixels wide"), format!("{at}"));
        Err(Error::argument("table", expected, got, "take fewer columns, or shorter names"))
    }

    fn described(&self, texts: &[Vec<String>]) -> String {
        let row = |((name, _), texts): (&(String, Vec<Entry>), &Vec<String>)| {
            let pairs = self.columns.iter().zip(texts);
            let each: Vec<String> =
                pairs.map(|(column, text)| format!("{column} {text}")).collect();
            format!("{name}: {}", each.join(", "))
        };
        self.rows.iter().zip(texts).map(row).collect::<Vec<_>>().join("; ")
    }
}

/// Values in 0..1 all have three decimals, so that they read as a column.
fn written(row: &[Entry], range: [f64; 2]) -> Vec<String> {
    let text = |entry: &Entry| match entry {
        Entry::Number(v) if v.is_nan() => NOTHING.into(),
        Entry::Number(v) if range == [0.0, 1.0] => fixed(*v, 3),
        Entry::Number(v) => short(*v),
        Entry::Text(text) => text.clone(),
    };
    row.iter().map(text).collect()
}

fn shade(entry: &Entry, [low, high]: [f64; 2]) -> Rgb<u8> {
    let t = number(entry).map_or(0.0, |v| ((v - low) / (high - low)).clamp(0.0, 1.0));
    Rgb(FULL.map(|full| (255.0 + t * (full - 255.0)).round() as u8))
}

fn widest(texts: &[String], label: Label) -> Result<u32> {
    texts.iter().try_fold(0, |most, text| Ok(most.max(label.extent(text)?[1])))
}
