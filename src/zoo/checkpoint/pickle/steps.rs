//! One step for each opcode that checkpoints use.

use super::bytes::Bytes;
use super::globals::Global;
use super::machine::Machine;
use super::value::{Object, Value};
use crate::zoo::checkpoint::fault::{Fault, Result};
use std::io::Read;

/// The next pickle of `source`, read up to its end and no further.
pub(in crate::zoo::checkpoint) fn load(source: &mut dyn Read) -> Result<Object> {
    let mut bytes = Bytes::new(source);
    let mut machine = Machine::default();
    loop {
        machine.spend(1)?;
        match bytes.u8()? {
            b'.' => break,
            opcode => machine.step(opcode, &mut bytes)?,
        }
    }
    let root = machine.pop()?;
    Ok(Object { values: machine.values, root, storages: machine.storages })
}

impl Machine {
    fn step(&mut self, opcode: u8, bytes: &mut Bytes) -> Result<()> {
        if let Some(value) = literal(opcode, bytes)? {
            self.push(value);
            return Ok(());
        }
        match opcode {
            0x80 => bytes.u8().map(drop),  // PROTO
            0x95 => bytes.u64().map(drop), // FRAME
            b'(' => self.mark(),
            b't' | 0x85..=0x87 => self.tuple(opcode),
            b'a' | b'e' | b's' | b'u' => self.fill(opcode),
            b'q' | b'r' | b'h' | b'j' | 0x94 => self.memoize(opcode, bytes),
            b'c' | 0x93 => self.global(opcode, bytes),
            b'Q' | b'R' | 0x81 | b'b' => self.object(opcode),
            _ => Err(Fault::refused(format!(
                "its pickle uses opcode 0x{opcode:02x}, which no saved weights need; it is refused"
            ))),
        }
    }

    /// TUPLE, TUPLE1, TUPLE2, TUPLE3.
    fn tuple(&mut self, opcode: u8) -> Result<()> {
        let items = match opcode {
            0x85 => self.pop_many::<1>()?.to_vec(),
            0x86 => self.pop_many::<2>()?.to_vec(),
            0x87 => self.pop_many::<3>()?.to_vec(),
            _ => self.pop_to_mark()?,
        };
        self.push(Value::Tuple(items));
        Ok(())
    }

    /// APPEND, APPENDS, SETITEM, SETITEMS.
    fn fill(&mut self, opcode: u8) -> Result<()> {
        let items = match opcode {
            b'a' => self.pop_many::<1>()?.to_vec(),
            b's' => self.pop_many::<2>()?.to_vec(),
            _ => self.pop_to_mark()?,
        };
        let target = self.top()?;
        match (&mut self.values[target.0], opcode) {
            (Value::List(list), b'a' | b'e') => list.extend(items),
            (Value::Dict(dict), b's' | b'u') if items.len() % 2 == 0 => {
                dict.extend(items.chunks_exact(2).map(|pair| (pair[0], pair[1])));
            }
            (other, _) => {
                return Err(Fault::damaged(format!("its pickle fills {}", other.what())));
            }
        }
        Ok(())
    }

    /// BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET.
    fn memoize(&mut self, opcode: u8, bytes: &mut Bytes) -> Result<()> {
        let index = match opcode {
            b'q' | b'h' => u64::from(bytes.u8()?),
            b'r' | b'j' => u64::from(bytes.u32()?),
            _ => self.memo.len() as u64,
        };
        if matches!(opcode, b'h' | b'j') {
            let known = self.memo.get(&index).copied();
            self.stack.push(known.ok_or_else(|| Fault::damaged("its pickle recalls nothing"))?);
        } else {
            self.memo.insert(index, self.top()?);
        }
        Ok(())
    }

    /// GLOBAL, STACK_GLOBAL.
    fn global(&mut self, opcode: u8, bytes: &mut Bytes) -> Result<()> {
        let global = if opcode == b'c' {
            Global::named(&bytes.line()?, &bytes.line()?)?
        } else {
            let [module, name] = self.pop_many()?;
            match (&self.values[module.0], &self.values[name.0]) {
                (Value::Text(module), Value::Text(name)) => Global::named(module, name)?,
                (other, _) => {
                    return Err(Fault::damaged(format!("it names a module by {}", other.what())));
                }
            }
        };
        self.push(Value::Global(global));
        Ok(())
    }

    /// BINPERSID, REDUCE, NEWOBJ, BUILD.
    fn object(&mut self, opcode: u8) -> Result<()> {
        let made = match opcode {
            b'Q' => {
                let [id] = self.pop_many()?;
                self.storage(id)?
            }
            b'b' => {
                let [target, state] = self.pop_many()?;
                self.build(target, state)?
            }
            _ => {
                let [callee, arguments] = self.pop_many()?;
                self.call(callee, arguments)?
            }
        };
        self.stack.push(made);
        Ok(())
    }
}

/// The opcodes that push one value, whatever came before.
fn literal(opcode: u8, bytes: &mut Bytes) -> Result<Option<Value>> {
    let text = |bytes: &mut Bytes, count: u64| bytes.text(count).map(Value::Text);
    Ok(Some(match opcode {
        b'N' => Value::None,
        0x88 => Value::Bool(true),
        0x89 => Value::Bool(false),
        b'J' => Value::Int(bytes.i32()?.into()),
        b'K' => Value::Int(bytes.u8()?.into()),
        b'M' => Value::Int(bytes.u16()?.into()),
        0x8a => Value::Int(bytes.long()?),
        b'G' => bytes.u64().map(|_| Value::Float)?,
        b'U' | 0x8c => bytes.u8().and_then(|n| text(bytes, n.into()))?,
        b'T' | b'X' => bytes.u32().and_then(|n| text(bytes, n.into()))?,
        0x8d => bytes.u64().and_then(|n| text(bytes, n))?,
        b')' => Value::Tuple(Vec::new()),
        b']' => Value::List(Vec::new()),
        b'}' => Value::Dict(Vec::new()),
        _ => return Ok(None),
    }))
}
