//! The engine configuration, and the clock behind deadlines.
//!
//! There are two configurations of one kind: [`Profile::Strict`] for canonical components and those that import nothing, with pooled
//! instances; [`Profile::Loose`] for components with a language runtime inside, with instances on demand and more of WebAssembly.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use wasmtime::{
    Config, Engine, EngineWeak, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, Store,
    StoreLimits, StoreLimitsBuilder, Strategy, Trap,
};

use crate::{CallError, HostError, Limits, ResultError};

/// What a component is trusted to need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Profile {
    /// One memory, one module, no imports.
    Strict,
    /// A language runtime.
    Loose,
}

/// Linear memories are addressed with 32 bits: with all of them reserved, no access needs a check.
const MEMORY_RESERVATION: u64 = 4 << 30;
const MEMORY_GUARD: u64 = 32 << 20;
/// Bytes of a used memory that are cleared by hand before the next use, which is faster than giving them back to the system.
const KEEP_RESIDENT: usize = 64 << 10;
/// Core modules, memories and tables that a component with a language runtime may have.
const LOOSE_PARTS: usize = 64;

/// An engine with the thread that moves its epoch on.
pub(crate) struct Clocked {
    pub(crate) engine: Engine,
    pub(crate) profile: Profile,
    limits: Limits,
    /// The epoch's ticks in a deadline.
    deadline_ticks: u64,
    _ticker: Ticker,
}

impl Clocked {
    pub(crate) fn new(profile: Profile, limits: &Limits) -> Result<Self, HostError> {
        let engine = Engine::new(&config(profile, limits))
            // Address space may be short (ulimit, small virtual machines): slower instances are better than none.
            .or_else(|_| {
                Engine::new(config(profile, limits).allocation_strategy(InstanceAllocationStrategy::OnDemand))
            })
            .map_err(|error| HostError::Engine(format!("{error:#}")))?;
        let period = (limits.deadline / 10).max(Duration::from_millis(1));
        let deadline_ticks = limits.deadline.as_nanos().div_ceil(period.as_nanos()) + 1;
        let ticker = Ticker::start(engine.weak(), period).map_err(HostError::Ticker)?;
        Ok(Self {
            engine,
            profile,
            limits: limits.clone(),
            deadline_ticks: u64::try_from(deadline_ticks).expect("a deadline has some ten ticks"),
            _ticker: ticker,
        })
    }

    /// A store with every limit set, ready for a first call.
    pub(crate) fn store(&self) -> Store<StoreLimits> {
        let parts = match self.profile {
            Profile::Strict => 1,
            Profile::Loose => LOOSE_PARTS,
        };
        let limits = StoreLimitsBuilder::new()
            .memory_size(self.limits.memory_bytes)
            .table_elements(self.limits.table_elements)
            .instances(parts)
            .memories(parts)
            .tables(parts)
            .build();
        let mut store = Store::new(&self.engine, limits);
        store.limiter(|limits| limits);
        store.set_hostcall_fuel(self.limits.result_bytes);
        store.epoch_deadline_trap();
        self.arm(&mut store);
        store
    }

    /// Gives the next call its fuel and its time.
    #[inline]
    pub(crate) fn arm(&self, store: &mut Store<StoreLimits>) {
        store.set_fuel(self.limits.fuel).expect("every engine of ours counts fuel");
        store.set_epoch_deadline(self.deadline_ticks);
    }

    /// What a failed call failed of.
    #[cold]
    pub(crate) fn call_error(&self, error: &wasmtime::Error) -> CallError {
        match error.downcast_ref::<Trap>() {
            Some(Trap::OutOfFuel) => return CallError::OutOfFuel { fuel: self.limits.fuel },
            Some(Trap::Interrupt) => return CallError::Deadline(self.limits.deadline),
            Some(Trap::StackOverflow) => return CallError::StackOverflow { bytes: self.limits.stack_bytes },
            Some(trap) => {
                return CallError::Trap(trap.to_string().trim_start_matches("wasm trap: ").to_owned());
            }
            None => {}
        }
        let reason = reason(error);
        // The error has no public type.
        if reason.contains("fuel allocated for hostcalls has been exhausted") {
            return ResultError::Size { limit: self.limits.result_bytes }.into();
        }
        CallError::Abi(reason)
    }

    /// What a failed instantiation failed of.
    #[cold]
    pub(crate) fn instantiate_error(&self, error: &wasmtime::Error) -> CallError {
        if error.downcast_ref::<wasmtime::PoolConcurrencyLimitError>().is_some() {
            return CallError::Busy { instances: self.limits.instances };
        }
        match self.call_error(error) {
            CallError::Trap(reason) | CallError::Abi(reason) => CallError::Instantiate(reason),
            other => other,
        }
    }
}

/// The innermost cause, in one line.
pub(crate) fn reason(error: &wasmtime::Error) -> String {
    error.root_cause().to_string().lines().next().unwrap_or_default().to_owned()
}

/// The configuration of every engine, but for the target of precompiled code.
pub(crate) fn config(profile: Profile, limits: &Limits) -> Config {
    let mut config = Config::new();
    config
        .strategy(Strategy::Cranelift)
        .cranelift_opt_level(OptLevel::Speed)
        .concurrency_support(false)
        .consume_fuel(true)
        .epoch_interruption(true)
        .max_wasm_stack(limits.stack_bytes)
        .memory_reservation(MEMORY_RESERVATION)
        .memory_guard_size(MEMORY_GUARD)
        .memory_may_move(false)
        .memory_init_cow(true)
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false)
        .wasm_component_model(true)
        .wasm_bulk_memory(true)
        .wasm_multi_value(true)
        .wasm_relaxed_simd(false)
        .wasm_multi_memory(false)
        .wasm_memory64(false)
        .wasm_tail_call(false)
        .wasm_custom_page_sizes(false)
        .wasm_wide_arithmetic(false);
    match profile {
        Profile::Strict => {
            config.wasm_simd(false).wasm_extended_const(false);
            config.allocation_strategy(pool(limits));
        }
        Profile::Loose => {
            config.wasm_simd(true).wasm_extended_const(true);
            config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
        }
    }
    config
}

fn pool(limits: &Limits) -> InstanceAllocationStrategy {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(limits.instances)
        .total_core_instances(limits.instances)
        .total_memories(limits.instances)
        .total_tables(limits.instances)
        .max_core_instances_per_component(1)
        .max_memories_per_component(1)
        .max_tables_per_component(1)
        .max_memories_per_module(1)
        .max_tables_per_module(1)
        .max_memory_size(limits.memory_bytes)
        .table_elements(limits.table_elements)
        .linear_memory_keep_resident(KEEP_RESIDENT)
        // Slots that keep the image of their last module save work, and memory is theirs as long.
        .max_unused_warm_slots(limits.instances.min(64));
    InstanceAllocationStrategy::Pooling(pool)
}

/// A thread that moves an engine's epoch on. It ends with this value, which is dropped with the last user of the engine.
struct Ticker {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    fn start(engine: EngineWeak, period: Duration) -> std::io::Result<Self> {
        let (stop, stopped) = channel::<()>();
        let thread = std::thread::Builder::new().name("masque-epoch".to_owned()).spawn(move || {
            while stopped.recv_timeout(period) == Err(RecvTimeoutError::Timeout) {
                match engine.upgrade() {
                    Some(engine) => engine.increment_epoch(),
                    None => return,
                }
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // The thread can't panic; were it to, there is nothing to be done here.
            let _ = thread.join();
        }
    }
}
