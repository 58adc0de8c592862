//! What to run for the layers that are asked for, and in which way it costs least.
//!
//! Exact to 1e-4 relative: only the rounding of a folded BatchNorm differs from running every layer
//! on its own.

use super::{Conv2d, LayerId, Net, Op};
use crate::Result;

/// One operation of a plan.
pub(crate) struct Step<'a> {
    /// The layer whose activation this step makes (of a ReLU that lets a max pool go first: the pooled one).
    pub layer: LayerId,
    /// What it computes.
    pub work: Work<'a>,
    /// The layers it reads.
    pub inputs: Vec<LayerId>,
    /// Activations that nobody reads after this step.
    pub done: Vec<LayerId>,
}

/// How a step computes its activation.
pub(crate) enum Work<'a> {
    /// The layer's own operation.
    Own(&'a Op),
    /// A BatchNorm and the convolution before it, as one convolution.
    Folded(&'a Conv2d),
    /// A ReLU that overwrites its input.
    InPlace(&'a Op),
}

/// The steps that lead to `taps` and to nothing else, in order.
pub(crate) fn plan<'a>(net: &'a Net, taps: &[LayerId]) -> Vec<Step<'a>> {
    let mut steps = needed(net, taps);
    pool_first(&mut steps, taps);
    overwrite(&mut steps, net, taps);
    release(&mut steps, taps);
    steps
}

/// The same steps, every activation kept and nothing overwritten.
pub(crate) fn plan_keeping<'a>(net: &'a Net, taps: &[LayerId]) -> Vec<Step<'a>> {
    needed(net, taps)
}

fn needed<'a>(net: &'a Net, taps: &[LayerId]) -> Vec<Step<'a>> {
    let mut wanted = vec![false; net.layers.len()];
    taps.iter().for_each(|&tap| wanted[tap] = true);
    let mut steps = vec![];
    for id in (0..net.layers.len()).rev().filter(|&id| id > 0) {
        if !wanted[id] {
            continue;
        }
        let step = step(net, id, taps);
        step.inputs.iter().for_each(|&input| wanted[input] = true);
        steps.push(step);
    }
    steps.reverse();
    steps
}

fn step<'a>(net: &'a Net, id: LayerId, taps: &[LayerId]) -> Step<'a> {
    let layer = &net.layers[id];
    let before = layer.inputs[0];
    match &layer.folded {
        Some(conv) if !taps.contains(&before) && readers(net, before) == 1 => {
            let inputs = net.layers[before].inputs.clone();
            Step { layer: id, work: Work::Folded(conv), inputs, done: vec![] }
        }
        _ => {
            let inputs = layer.inputs.clone();
            Step { layer: id, work: Work::Own(&layer.op), inputs, done: vec![] }
        }
    }
}

fn readers(net: &Net, id: LayerId) -> usize {
    net.layers.iter().filter(|l| l.inputs.contains(&id)).count()
}

/// Let a max pool run before the ReLU that it alone reads: the same values, from a ReLU on a map that
/// is a quarter as large.
fn pool_first(steps: &mut [Step], taps: &[LayerId]) {
    let once = read_once(steps, taps);
    for at in 1..steps.len() {
        let (before, after) = steps.split_at_mut(at);
        let (relu, pool) = (&mut before[at - 1], &mut after[0]);
        if let (Work::Own(op @ (Op::Relu | Op::Relu6)), Work::Own(Op::MaxPool2d(_))) =
            (&relu.work, &pool.work)
            && pool.inputs == [relu.layer]
            && once.contains(&relu.layer)
        {
            let op = *op;
            relu.work = std::mem::replace(&mut pool.work, Work::InPlace(op));
        }
    }
}

/// The layers that exactly one step reads, and that nobody else looks at.
fn read_once(steps: &[Step], taps: &[LayerId]) -> Vec<LayerId> {
    let reads: Vec<LayerId> = steps.iter().flat_map(|s| s.inputs.clone()).collect();
    let once = |id: &LayerId| reads.iter().filter(|&r| r == id).count() == 1 && !taps.contains(id);
    reads.iter().copied().filter(once).collect()
}

/// Let a ReLU overwrite an activation that it alone reads and that its maker does not need either.
fn overwrite(steps: &mut [Step], net: &Net, taps: &[LayerId]) {
    let once = read_once(steps, taps);
    for step in steps {
        if let Work::Own(op @ (Op::Relu | Op::Relu6)) = step.work {
            let input = step.inputs[0];
            if once.contains(&input) && leaves_output_alone(&net.layers[input].op) {
                step.work = Work::InPlace(op);
            }
        }
    }
}

/// Whether `op` writes a fresh tensor that its own gradient does not read.
fn leaves_output_alone(op: &Op) -> bool {
    matches!(op, Op::Conv2d(_) | Op::BatchNorm { .. } | Op::Linear { .. } | Op::Add | Op::Concat)
}

fn release(steps: &mut [Step], taps: &[LayerId]) {
    let mut read_later = taps.to_vec();
    for step in steps.iter_mut().rev() {
        for &input in &step.inputs {
            if !read_later.contains(&input) {
                read_later.push(input);
                step.done.push(input);
            }
        }
    }
}

/// BatchNorm `op` right after convolution `before`, as one convolution.
pub(super) fn folded(before: &Op, op: &Op) -> Result<Option<Conv2d>> {
    let (Op::Conv2d(conv), Op::BatchNorm { scale, shift, mean, var, eps }) = (before, op) else {
        return Ok(None);
    };
    let factor = scale.f_div(&var.f_add_scalar(*eps)?.f_sqrt()?)?;
    let shift = shift.f_sub(&mean.f_mul(&factor)?)?;
    Ok(Some(conv.scaled(&factor, &shift)?))
}
