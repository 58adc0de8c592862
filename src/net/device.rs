//! The same network on another device.

use super::Net;
use super::precision::with_weights;
use crate::{Error, Result};
use tch::{Device, Tensor};

impl Net {
    /// A copy of the network with its weights on `device`, a GPU for example; images go there too.
    ///
    /// ```
    /// use convlens::net::{Net, Op};
    /// use tch::Device;
    /// let net = Net::new("tiny").then("relu1", Op::Relu)?.to_device(Device::cuda_if_available())?;
    /// assert_eq!(net.names(), ["input", "relu1"]);
    /// # Ok::<(), convlens::Error>(())
    /// ```
    /// Errors: a device that is not there.
    pub fn to_device(&self, device: Device) -> Result<Net> {
        check_device(device)?;
        let there = |t: &Tensor| Ok(t.f_to_device(device)?);
        let layers = self.layers.iter().map(|layer| with_weights(layer, &there, &there));
        let layers = layers.collect::<Result<Vec<_>>>()?;
        Ok(Net { name: self.name.clone(), layers, classes: self.classes.clone() })
    }
}

/// Fails where this machine, or the libtorch on it, has no such device.
pub(crate) fn check_device(device: Device) -> Result<()> {
    let cards = tch::Cuda::device_count();
    let there = match device {
        Device::Cpu => true,
        Device::Cuda(card) => tch::Cuda::is_available() && (card as i64) < cards,
        Device::Mps => tch::utils::has_mps(),
        Device::Vulkan => tch::utils::has_vulkan(),
    };
    if there {
        return Ok(());
    }
    let expected = format!("one of this machine's: the processor and {cards} CUDA devices");
    let advice = "`Device::cuda_if_available()` takes the best";
    Err(Error::argument("device", expected, format!("{device:?}"), advice))
}
