//! Which pixels of its patch a unit answered to.

use super::cut::pixels;
use super::{Found, Patch, Row};
use crate::guided::as_picture;
use crate::net::{Net, ReluRule};
use crate::pixels::Photos;
use crate::show::progress;
use crate::{Error, Objective, Result};

impl Found {
    /// The same patches, their pixels replaced by the signals that `rule` sends back from each unit.
    ///
    /// The lecture's picture with [`ReluRule::Guided`] (Springenberg et al. 2015, figure 3). Each patch
    /// is drawn by itself, no signal mid-grey, as [`as_picture`] does. `photos` are those of the
    /// search. Cost: one pass forward and back for each patch, shown with [`progress`]; after Stop, the
    /// patches done so far. Errors: a patch whose photo is not among `photos`.
    pub fn signals(&self, net: &Net, photos: &Photos, rule: ReluRule) -> Result<Found> {
        let row = |row: &Row| Row { channel: row.channel, patches: vec![] };
        let mut found = Found {
            layer: self.layer.clone(),
            rows: self.rows.iter().map(row).collect(),
            photos: self.photos,
            skipped: self.skipped.clone(),
            field: self.field,
            settings: self.settings.clone(),
            padding: [0.5; 3],
        };
        let patches = |i: usize| self.rows[i].patches.iter().map(move |patch| (i, patch));
        let all: Vec<_> = (0..self.rows.len()).flat_map(patches).collect();
        for (i, patch) in progress("sending signals back", all) {
            let unit = Objective::neuron(&self.layer, self.rows[i].channel, patch.unit);
            found.rows[i].patches.push(patch.signal(net, photos, &unit, rule)?);
        }
        Ok(found)
    }
}

impl Patch {
    fn signal(
        &self,
        net: &Net,
        photos: &Photos,
        unit: &Objective,
        rule: ReluRule,
    ) -> Result<Patch> {
        let Some(index) = photos.files.iter().position(|file| *file == self.file) else {
            let advice = "pass the photos that the patches were found in";
            return Err(Error::argument("photos", self.file.display(), "others", advice));
        };
        let sent = pixels(&net.gradient(&photos.image(index)?, unit, rule)?, &self.crop)?;
        Ok(Patch {
            file: self.file.clone(),
            pixels: if sent.numel() > 0 { as_picture(&sent)? } else { sent },
            padding: [0.5; 3],
            ..*self
        })
    }
}
