//! Maps laid over their photos.

use super::Activations;
use crate::net::Field;
use crate::pixels::finite_rgb;
use crate::show::{Figure, HeatMap};
use crate::{Error, Result};
use tch::{Device, Kind, Tensor};

impl Activations {
    /// One channel at the size of the photos, `[n, 1, photo height, photo width]`.
    ///
    /// Each value lies at the centre of the pixels its unit sees, with linear steps between them.
    /// Stretching the map instead shifts it wherever a network pads one side more than the other.
    /// Errors: units that all see the whole photo, an unknown channel.
    pub fn on_photo(&self, channel: i64) -> Result<Tensor> {
        let Field::Window { size, stride, start } = self.field else {
            let got = format!("`{}`, whose units see the whole photo", self.layer);
            let advice = "take a layer before the global pool";
            return Err(Error::argument("layer", "units at places of their own", got, advice));
        };
        let map = self.channel(channel)?;
        let [rows, columns] = [0, 1].map(|d| {
            let first = start[d] as f64 + (size[d] - 1) as f64 / 2.0;
            hats([self.photo[d], map.size()[2 + d]], first, stride[d] as f64)
        });
        let [rows, columns] = [rows?, columns?].map(|hats| hats.f_to_device(map.device()));
        Ok(rows?.f_matmul(&map)?.f_matmul(&columns?.f_tr()?)?)
    }

    /// One channel over each of the photos, `[n, 3, h, w]`, all on one colour scale.
    ///
    /// Errors: as [`Activations::on_photo`], and other photos than the maps'.
    pub fn over(&self, photos: &Tensor, channel: i64) -> Result<Vec<Figure>> {
        let maps = self.on_photo(channel)?;
        let [n, _, h, w] = finite_rgb(photos, "photos")?;
        if maps.size() != [n, 1, h, w] {
            let expected = format!("[{}, 3, {}, {}]", maps.size()[0], self.photo[0], self.photo[1]);
            let advice = "pass the photos that the maps were made from";
            return Err(Error::argument(
                "photos",
                expected,
                format!("{:?}", photos.size()),
                advice,
            ));
        }
        let [low, high] = [maps.f_min()?, maps.f_max()?].map(|v| v.double_value(&[]));
        let heat = HeatMap {
            label: format!("{}, channel {channel}", self.layer),
            range: (low < high).then_some([low.min(0.0), high]),
            signed: Some(low < 0.0),
            ..HeatMap::default()
        };
        let of = |i| heat.overlay(&photos.f_narrow(0, i, 1)?, &maps.f_narrow(0, i, 1)?);
        (0..n).map(of).collect()
    }
}

/// `[pixels, units]`: how much each unit counts at each pixel, when the first is centred on `first`.
fn hats([pixels, units]: [i64; 2], first: f64, stride: f64) -> Result<Tensor> {
    let kind = (Kind::Float, Device::Cpu);
    let pixel = Tensor::f_arange(pixels, kind)?.f_unsqueeze(1)?;
    let unit = Tensor::f_arange(units, kind)?.f_unsqueeze(0)?;
    let at = ((pixel - first) / stride).f_clamp(0.0, (units - 1) as f64)?;
    Ok((at.f_sub(&unit)?.f_abs()? * -1.0 + 1.0).f_clamp_min(0.0)?)
}
