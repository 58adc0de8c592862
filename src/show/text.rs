//! Text on plotters' bitmaps.
//!
//! plotters draws each glyph at a whole pixel and drops its left bearing, which sets words
//! unevenly; here glyphs stand where the font wants them.

use crate::{Error, Result};
use ab_glyph::{Font, FontRef, GlyphId, Point, PxScale, PxScaleFont, ScaleFont};
use plotters_backend::{
    BackendColor, BackendCoord, BackendTextStyle, FontFamily, FontTransform,
    text_anchor::{HPos, Pos, VPos},
};

const DEJAVU_SANS: &[u8] = include_bytes!("font/DejaVuSans.ttf");

/// The size of ordinary text, in pixels per em.
pub(super) const TEXT: f32 = 14.0;
/// The size of ticks and notes.
pub(super) const NOTE: f32 = 13.0;
/// The size of a figure's title.
pub(super) const TITLE: f32 = 16.0;

/// How a text is set: size in pixels per em, the point it hangs on, upwards or not.
#[derive(Clone, Copy)]
pub(super) struct Label {
    pub size: f32,
    pub anchor: (HPos, VPos),
    pub upwards: bool,
}

impl Label {
    pub fn new(size: f32, h: HPos, v: VPos) -> Self {
        Self { size, anchor: (h, v), upwards: false }
    }

    /// The pixels a text takes, `[height, width]`.
    pub fn extent(self, text: &str) -> Result<[u32; 2]> {
        let font = self.font().map_err(|e| Error::Draw(e.to_string()))?;
        let height = font.ascent() - font.descent();
        Ok([height.ceil() as u32, layout(&font, text).1.ceil() as u32])
    }

    /// How many of a text's first characters fit into so many pixels with a "…" behind them.
    pub fn room(self, text: &str, width: u32) -> Result<usize> {
        let font = self.font().map_err(|e| Error::Draw(e.to_string()))?;
        let dots = font.glyph_id('…');
        let fits = |&(glyph, start): &(GlyphId, f32)| {
            let end = start + font.h_advance(glyph) + font.kern(glyph, dots);
            (end + font.h_advance(dots)).ceil() as u32 <= width
        };
        let (glyphs, _) = layout(&font, text);
        let all_but_one = &glyphs[..glyphs.len().saturating_sub(1)];
        Ok(all_but_one.iter().rposition(fits).map_or(0, |last| last + 1))
    }

    fn font(self) -> std::result::Result<PxScaleFont<FontRef<'static>>, Unreadable> {
        let font = FontRef::try_from_slice(DEJAVU_SANS).map_err(|_| Unreadable)?;
        let em = font.units_per_em().ok_or(Unreadable)?;
        let scale = PxScale::from(self.size * font.height_unscaled() / em);
        Ok(font.into_scaled(scale))
    }
}

/// The glyphs of a text with their left ends, and where the text ends.
fn layout(font: &PxScaleFont<FontRef<'static>>, text: &str) -> (Vec<(GlyphId, f32)>, f32) {
    let mut glyphs: Vec<(GlyphId, f32)> = Vec::new();
    let mut end = 0.0;
    for c in text.chars().filter(|c| !c.is_control()) {
        let glyph = font.glyph_id(c);
        end += glyphs.last().map_or(0.0, |&(before, _)| font.kern(before, glyph));
        glyphs.push((glyph, end));
        end += font.h_advance(glyph);
    }
    (glyphs, end)
}

#[derive(Debug, thiserror::Error)]
#[error("the built-in font cannot be read")]
pub(super) struct Unreadable;

/// The font may fail, or the pixels underneath.
type Drawn<E> = std::result::Result<std::result::Result<(), E>, Unreadable>;

impl BackendTextStyle for Label {
    type FontError = Unreadable;

    fn color(&self) -> BackendColor {
        BackendColor { alpha: 1.0, rgb: (32, 32, 32) }
    }

    fn size(&self) -> f64 {
        f64::from(self.size)
    }

    fn transform(&self) -> FontTransform {
        if self.upwards { FontTransform::Rotate270 } else { FontTransform::None }
    }

    fn anchor(&self) -> Pos {
        Pos::new(self.anchor.0, self.anchor.1)
    }

    fn family(&self) -> FontFamily<'_> {
        FontFamily::Name("DejaVu Sans")
    }

    fn layout_box(
        &self,
        text: &str,
    ) -> std::result::Result<((i32, i32), (i32, i32)), Self::FontError> {
        let [height, width] = self.extent(text).map_err(|_| Unreadable)?;
        Ok(((0, 0), (width as i32, height as i32)))
    }

    fn draw<E, D: FnMut(i32, i32, BackendColor) -> std::result::Result<(), E>>(
        &self,
        text: &str,
        (left, top): BackendCoord,
        mut draw: D,
    ) -> Drawn<E> {
        let font = self.font()?;
        let baseline = font.ascent().round();
        for (glyph, x) in layout(&font, text).0 {
            let at = Point { x, y: baseline };
            let Some(outline) = font.outline_glyph(glyph.with_scale_and_position(font.scale, at))
            else {
                continue;
            };
            let corner = outline.px_bounds().min;
            let mut result = Ok(());
            outline.draw(|x, y, cover| {
                if result.is_ok() {
                    let x = left + corner.x as i32 + x as i32;
                    let y = top + corner.y as i32 + y as i32;
                    result = draw(x, y, self.color().mix(f64::from(cover)));
                }
            });
            if result.is_err() {
                return Ok(result);
            }
        }
        Ok(Ok(()))
    }
}
