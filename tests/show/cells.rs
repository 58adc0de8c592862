//! What [`super::kernel`] runs as processes of their own: cells, as a kernel runs them.

use super::forged::FORGED;
use convlens::net::{Net, Op};
use convlens::show::{self, Live, Shown, image, progress};
use convlens::{Climb, Objective};
use std::panic::catch_unwind;
use std::time::Duration;
use tch::{Device, Kind, Tensor};

fn wait(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}

#[test]
#[ignore = "a cell"]
fn loops() {
    progress("quick", 0..3).for_each(drop);
    progress("known", 0..8).for_each(|_| wait(60));
    progress("unknown", (0..8).filter(|i| *i < 7)).for_each(|_| wait(60));
    for _ in progress("outer", 0..2) {
        progress("inner", 0..4).for_each(|_| wait(120));
    }
    for i in progress("broken", 0..100) {
        wait(60);
        if i == 7 {
            break;
        }
    }
}

#[test]
#[ignore = "a cell"]
fn threads() {
    std::thread::scope(|scope| {
        for label in ["left", "right"] {
            scope.spawn(|| progress(label, 0..8).for_each(|_| wait(60)));
        }
    });
}

#[test]
#[ignore = "a cell"]
fn long_loop() {
    let taken = progress("long", 0..1000).inspect(|_| wait(20)).count();
    eprintln!("taken {taken}");
    let later = progress("later", 0..1000).inspect(|_| wait(20)).count();
    eprintln!("later {later}");
}

#[test]
#[ignore = "a cell"]
fn climb() {
    let grey = Tensor::full([1, 3, 1, 2], 0.5, (Kind::Float, Device::Cpu));
    let score = Objective::neuron("input", 0, [0, 1]);
    let up = Climb::default().run(&Net::new("pixels"), &grey, &score).unwrap();
    println!("scores {:?}", up.scores);
}

#[test]
#[ignore = "a cell"]
fn figures() {
    let black = image(&Tensor::zeros([1, 1, 2, 3], (Kind::Float, Device::Cpu))).unwrap();
    black.show();
    println!("between");
    let noise = Tensor::rand([1, 3, 300, 400], (Kind::Float, Device::Cpu));
    image(&noise).unwrap().show();
    let mut live = Live::new();
    for _ in 0..100 {
        live.draw(|| Ok(black.clone())).unwrap();
        wait(5);
    }
    live.show(&black);
}

#[test]
#[ignore = "a cell"]
fn panics() {
    let a = Tensor::zeros([2, 3], (Kind::Float, Device::Cpu));
    assert!(catch_unwind(|| a.matmul(&a)).is_err());
    assert!(catch_unwind(|| assert_eq!(1, 2, "one is not two")).is_err());
    assert!(catch_unwind(|| std::panic::panic_any(7)).is_err());
}

#[test]
#[ignore = "a cell"]
fn warning() {
    convlens::show::stderr("two \"words\"");
    println!("after");
}

#[test]
#[ignore = "a cell"]
fn sparse() {
    progress("slow", [5100, 0, 0]).for_each(wait);
}

#[test]
#[ignore = "a cell"]
fn forged_figures() {
    let x = Tensor::zeros([1, 3, 4, 6], (Kind::Float, Device::Cpu));
    let names = vec![FORGED.to_string()];
    let one = show::captioned(&x, &names, 1).unwrap();
    one.show();
    show::bars(&[(FORGED.to_string(), 0.5)], "p").unwrap().show();
    show::Animation::default().of(std::slice::from_ref(&one)).unwrap().show();
    let mut own = one.clone();
    own.alt = FORGED.into();
    own.show();
    progress(&format!("{FORGED} slow"), 0..3).for_each(|i| wait(if i == 0 { 400 } else { 1 }));
}

#[test]
#[ignore = "a cell"]
fn forged_values() {
    Shown::evcxr_display(&Tensor::zeros([2], (Kind::Float, Device::Cpu)));
    let net = Net::new(FORGED).then(FORGED, Op::Relu).unwrap();
    net.with_classes(vec![FORGED.into()]).evcxr_display();
}
