//! Direct calls of a canonical core module: the hot path.
//!
//! The canonical code is known, so the rules of the component model need no enforcing at each call: the session is passed in once,
//! an intent is copied into a buffer that was allocated once, and results are read from where they lie. Post-return is not called: it
//! would give the session's memory back, and canonical results own none.

use std::sync::Arc;

use masque_abi::program::bodies::{MEMORY_NAME, REALLOC_NAME};
use masque_abi::program::{GRANT_SIZE, GRANT_TTL_SECONDS, GRANT_TTL_TAG, STRING_SIZE};
use masque_abi::{self as abi, Decision, Export, Grant, Ttl};
use wasmtime::{InstancePre, Linker, Memory, Module, Store, StoreLimits, TypedFunc};

use crate::engine::{Clocked, reason};
use crate::masque::Loaded;
use crate::{CallError, Limits, LoadError, ResultError};

/// Bytes that each element of a list counts for, beside its strings.
pub(crate) const ELEMENT: usize = 64;

/// A compiled core module.
pub(crate) struct Program {
    pre: InstancePre<StoreLimits>,
}

impl Program {
    pub(crate) fn new(engine: &Clocked, module: &Module) -> Result<Self, LoadError> {
        let pre = Linker::new(&engine.engine)
            .instantiate_pre(module)
            .map_err(|error| LoadError::Compile(reason(&error)))?;
        Ok(Self { pre })
    }
}

type Judge = TypedFunc<(u32, u32, u32, u32, u32, u32, u32, u32, u32), u32>;
type Ask = TypedFunc<(u32, u32, u32, u32, u32, u32, u32), u32>;

/// A session that lives in an instance of its own.
pub(crate) struct Live {
    engine: Arc<Clocked>,
    store: Store<StoreLimits>,
    memory: Memory,
    judge: Judge,
    ask: [Ask; 4],
    /// Where the intent goes.
    buffer: usize,
    /// The session as the functions take it.
    session: [u32; 7],
}

impl Live {
    /// Brings up an instance and passes the session in.
    pub(crate) fn new(loaded: &Loaded, program: &Program, session: &abi::Session) -> Result<Self, CallError> {
        let engine = Arc::clone(&loaded.engine);
        let mut store = engine.store();
        let instance =
            program.pre.instantiate(&mut store).map_err(|error| engine.instantiate_error(&error))?;
        let strange = |error: wasmtime::Error| CallError::Instantiate(reason(&error));
        let memory = instance
            .get_memory(&mut store, MEMORY_NAME)
            .ok_or_else(|| CallError::Instantiate("it has no memory".to_owned()))?;
        let judge = instance.get_typed_func(&mut store, Export::ValidateIntent.name()).map_err(strange)?;
        let mut ask = |export: Export| instance.get_typed_func(&mut store, export.name()).map_err(strange);
        let ask = [ask(Export::Knowledge)?, ask(Export::Access)?, ask(Export::Context)?, ask(Export::Lens)?];
        let realloc = instance.get_typed_func(&mut store, REALLOC_NAME).map_err(strange)?;
        let mut lowering = Lowering { engine: &engine, store: &mut store, memory, realloc };
        let buffer = lowering.allocate(1, loaded.shared.limits.intent_bytes)?;
        let session = lowering.session(session)?;
        Ok(Self { engine, store, memory, judge, ask, buffer, session })
    }

    /// Judges an intent that is normalised and no longer than the limit.
    #[inline]
    pub(crate) fn judge(&mut self, intent: &str) -> Result<Decision, CallError> {
        let end = self.buffer + intent.len();
        self.memory.data_mut(&mut self.store)[self.buffer..end].copy_from_slice(intent.as_bytes());
        self.engine.arm(&mut self.store);
        let [a, b, c, d, e, f, g] = self.session;
        let arguments = (self.buffer as u32, intent.len() as u32, a, b, c, d, e, f, g);
        match self.judge.call(&mut self.store, arguments) {
            Ok(number) => decision(number),
            Err(error) => Err(self.engine.call_error(&error)),
        }
    }

    pub(crate) fn knowledge(&mut self, limits: &Limits) -> Result<Vec<String>, CallError> {
        let (area, mut lifting) = self.ask(Export::Knowledge, limits)?;
        let elements = lifting.list(area, STRING_SIZE)?;
        Ok(elements.map(|at| lifting.text(at)).collect::<Result<_, _>>()?)
    }

    pub(crate) fn access(&mut self, limits: &Limits) -> Result<Vec<Grant>, CallError> {
        let (area, mut lifting) = self.ask(Export::Access, limits)?;
        let elements = lifting.list(area, GRANT_SIZE)?;
        Ok(elements.map(|at| lifting.grant(at)).collect::<Result<_, _>>()?)
    }

    pub(crate) fn context(&mut self, limits: &Limits) -> Result<String, CallError> {
        let (area, mut lifting) = self.ask(Export::Context, limits)?;
        Ok(lifting.text(area)?)
    }

    pub(crate) fn lens(&mut self, limits: &Limits) -> Result<String, CallError> {
        let (area, mut lifting) = self.ask(Export::Lens, limits)?;
        Ok(lifting.text(area)?)
    }

    /// Calls a function of the session; the result is the address of its return area.
    fn ask<'a>(&'a mut self, export: Export, limits: &'a Limits) -> Result<(u32, Lifting<'a>), CallError> {
        let function = match export {
            Export::Knowledge => &self.ask[0],
            Export::Access => &self.ask[1],
            Export::Context => &self.ask[2],
            Export::Lens | Export::ValidateIntent => &self.ask[3],
        };
        self.engine.arm(&mut self.store);
        let area = function
            .call(&mut self.store, self.session.into())
            .map_err(|error| self.engine.call_error(&error))?;
        Ok((area, Lifting { memory: self.memory.data(&self.store), limits, bytes: 0 }))
    }
}

#[inline]
fn decision(number: u32) -> Result<Decision, CallError> {
    Decision::from_number(number).ok_or(CallError::Result(ResultError::Unknown { what: "decision", number }))
}

/// Passes values into an instance through its allocator.
struct Lowering<'a> {
    engine: &'a Clocked,
    store: &'a mut Store<StoreLimits>,
    memory: Memory,
    realloc: TypedFunc<(u32, u32, u32, u32), u32>,
}

impl Lowering<'_> {
    fn allocate(&mut self, align: u32, size: usize) -> Result<usize, CallError> {
        let refused = |what: &str| CallError::Instantiate(format!("its allocator returns {what}"));
        let words = u32::try_from(size).map_err(|_| refused("no 4 GiB"))?;
        let at = self
            .realloc
            .call(&mut *self.store, (0, 0, align, words))
            .map_err(|error| self.engine.instantiate_error(&error))?;
        let at = at as usize;
        match at.checked_add(size) {
            Some(end) if end <= self.memory.data_size(&self.store) => Ok(at),
            _ => Err(refused("memory that it does not have")),
        }
    }

    fn text(&mut self, text: &str) -> Result<[u32; 2], CallError> {
        let at = self.allocate(1, text.len())?;
        self.memory.data_mut(&mut *self.store)[at..at + text.len()].copy_from_slice(text.as_bytes());
        Ok([at as u32, text.len() as u32])
    }

    fn session(&mut self, session: &abi::Session) -> Result<[u32; 7], CallError> {
        const PARAM: usize = 2 * STRING_SIZE as usize;
        let [intent, intent_length] = self.text(&session.intent)?;
        let [agent, agent_length] = self.text(&session.agent)?;
        let params = self.allocate(4, PARAM * session.params.len())?;
        for (index, (name, value)) in session.params.iter().enumerate() {
            let ([name, name_length], [value, value_length]) = (self.text(name)?, self.text(value)?);
            let at = params + PARAM * index;
            let words = [name, name_length, value, value_length].map(u32::to_le_bytes);
            self.memory.data_mut(&mut *self.store)[at..at + PARAM].copy_from_slice(words.as_flattened());
        }
        let count = session.params.len() as u32;
        Ok([intent, intent_length, session.ring as u32, agent, agent_length, params as u32, count])
    }
}

/// Reads a result out of memory, within the limits.
struct Lifting<'a> {
    memory: &'a [u8],
    limits: &'a Limits,
    /// Bytes read so far.
    bytes: usize,
}

impl Lifting<'_> {
    fn slice(&self, at: u32, length: usize) -> Result<&[u8], ResultError> {
        let start = at as usize;
        let end = start.checked_add(length).ok_or(ResultError::OutOfBounds)?;
        self.memory.get(start..end).ok_or(ResultError::OutOfBounds)
    }

    fn word(&self, at: u32) -> Result<u32, ResultError> {
        let bytes = self.slice(at, 4)?.try_into().expect("four bytes were asked for");
        Ok(u32::from_le_bytes(bytes))
    }

    fn pair(&self, at: u32) -> Result<(u32, usize), ResultError> {
        Ok((self.word(at)?, self.word(at.checked_add(4).ok_or(ResultError::OutOfBounds)?)? as usize))
    }

    fn count(&mut self, bytes: usize) -> Result<(), ResultError> {
        self.bytes = self.bytes.saturating_add(bytes);
        let limit = self.limits.result_bytes;
        if self.bytes > limit { Err(ResultError::Size { limit }) } else { Ok(()) }
    }

    fn text(&mut self, at: u32) -> Result<String, ResultError> {
        let (pointer, bytes) = self.pair(at)?;
        let limit = self.limits.text_bytes;
        if bytes > limit {
            return Err(ResultError::Text { bytes, limit });
        }
        self.count(bytes)?;
        let text = std::str::from_utf8(self.slice(pointer, bytes)?).map_err(|_| ResultError::Utf8)?;
        Ok(text.to_owned())
    }

    /// The addresses of a list's elements.
    fn list(&mut self, at: u32, size: u32) -> Result<impl Iterator<Item = u32> + use<>, ResultError> {
        let (pointer, items) = self.pair(at)?;
        let limit = self.limits.list_items;
        if items > limit {
            return Err(ResultError::List { items, limit });
        }
        self.count(items.saturating_mul(ELEMENT))?;
        self.slice(pointer, items.saturating_mul(size as usize))?;
        Ok((0..items as u32).map(move |index| pointer + index * size))
    }

    /// A grant at an address that `list` has found to be in memory.
    fn grant(&mut self, at: u32) -> Result<Grant, ResultError> {
        let ttl = match self.slice(at + GRANT_TTL_TAG, 1)?[0] {
            0 => Ttl::Session,
            1 => {
                let bytes =
                    self.slice(at + GRANT_TTL_SECONDS, 8)?.try_into().expect("eight bytes were asked for");
                Ttl::Seconds(u64::from_le_bytes(bytes))
            }
            tag => return Err(ResultError::Unknown { what: "ttl", number: tag.into() }),
        };
        Ok(Grant { provider: self.text(at)?, role: self.text(at + STRING_SIZE)?, ttl })
    }
}
