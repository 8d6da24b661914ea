//! Calls through the component: for components of any make, with everything passed in at every call.

mod nothing;
mod wire;

use std::sync::Arc;

use masque_abi::{Decision, Export, Grant};
use wasmtime::component::{
    Component, ComponentExportIndex, ComponentNamedList, Instance, InstancePre, Lift, Linker, Lower,
    TypedFunc,
};
use wasmtime::{Store, StoreLimits};

use crate::direct::ELEMENT;
use crate::engine::{Clocked, reason};
use crate::masque::Loaded;
use crate::{CallError, Limits, ResultError};

pub(crate) use wire::{SessionRecord, check_session};

/// A compiled component.
pub(crate) struct Program {
    pre: InstancePre<StoreLimits>,
    /// In the order of the world.
    exports: [ComponentExportIndex; 5],
}

impl Program {
    pub(crate) fn new(engine: &Clocked, component: &Component) -> Result<Self, CallError> {
        let strange = |error: wasmtime::Error| CallError::Instantiate(reason(&error));
        let mut linker = Linker::new(&engine.engine);
        nothing::define(&mut linker, component).map_err(strange)?;
        let pre = linker.instantiate_pre(component).map_err(strange)?;
        let missing = || CallError::Instantiate("a function of the world is missing".to_owned());
        let index = |export: Export| component.get_export_index(None, export.name()).ok_or_else(missing);
        let [a, b, c, d, e] = Export::ALL.map(index);
        Ok(Self { pre, exports: [a?, b?, c?, d?, e?] })
    }
}

type Judge = TypedFunc<(Box<str>, Arc<SessionRecord>), (wire::Decision,)>;

/// An instance of a component. After a call that failed it must not be used again.
pub(crate) struct Live {
    engine: Arc<Clocked>,
    store: Store<StoreLimits>,
    instance: Instance,
    exports: [ComponentExportIndex; 5],
    /// Looked up at the first use: checking types takes longer than a verdict.
    judge: Option<Judge>,
}

impl Live {
    /// Brings up an instance.
    pub(crate) fn new(loaded: &Loaded, program: &Program) -> Result<Self, CallError> {
        let engine = Arc::clone(&loaded.engine);
        let mut store = engine.store();
        let instance =
            program.pre.instantiate(&mut store).map_err(|error| engine.instantiate_error(&error))?;
        Ok(Self { engine, store, instance, exports: program.exports, judge: None })
    }

    /// Judges a normalised intent.
    pub(crate) fn judge(
        &mut self,
        intent: &str,
        session: &Arc<SessionRecord>,
    ) -> Result<Decision, CallError> {
        let judge = match &self.judge {
            Some(judge) => judge,
            None => {
                let judge = self.function(Export::ValidateIntent)?;
                self.judge.insert(judge)
            }
        };
        self.engine.arm(&mut self.store);
        let (decision,) = judge
            .call(&mut self.store, (intent.into(), Arc::clone(session)))
            .map_err(|error| self.engine.call_error(&error))?;
        Ok(decision.into())
    }

    pub(crate) fn knowledge(
        &mut self,
        session: &Arc<SessionRecord>,
        limits: &Limits,
    ) -> Result<Vec<String>, CallError> {
        let uris: Vec<String> = self.ask(Export::Knowledge, session)?;
        check_list(uris.iter().map(|uri| [uri.as_str()]), limits)?;
        Ok(uris)
    }

    pub(crate) fn access(
        &mut self,
        session: &Arc<SessionRecord>,
        limits: &Limits,
    ) -> Result<Vec<Grant>, CallError> {
        let grants: Vec<wire::Grant> = self.ask(Export::Access, session)?;
        check_list(grants.iter().map(|grant| [grant.provider.as_str(), grant.role.as_str()]), limits)?;
        Ok(grants.into_iter().map(Grant::from).collect())
    }

    pub(crate) fn context(
        &mut self,
        session: &Arc<SessionRecord>,
        limits: &Limits,
    ) -> Result<String, CallError> {
        self.text(Export::Context, session, limits)
    }

    pub(crate) fn lens(
        &mut self,
        session: &Arc<SessionRecord>,
        limits: &Limits,
    ) -> Result<String, CallError> {
        self.text(Export::Lens, session, limits)
    }

    fn text(
        &mut self,
        export: Export,
        session: &Arc<SessionRecord>,
        limits: &Limits,
    ) -> Result<String, CallError> {
        let text: String = self.ask(export, session)?;
        check_text(&text, limits)?;
        Ok(text)
    }

    fn ask<T: Lift + Send + Sync + 'static>(
        &mut self,
        export: Export,
        session: &Arc<SessionRecord>,
    ) -> Result<T, CallError> {
        let function: TypedFunc<(Arc<SessionRecord>,), (T,)> = self.function(export)?;
        self.engine.arm(&mut self.store);
        let (result,) = function
            .call(&mut self.store, (Arc::clone(session),))
            .map_err(|error| self.engine.call_error(&error))?;
        Ok(result)
    }

    fn function<P, R>(&mut self, export: Export) -> Result<TypedFunc<P, R>, CallError>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        self.instance
            .get_typed_func(&mut self.store, self.exports[export as usize])
            .map_err(|error| CallError::Instantiate(reason(&error)))
    }
}

fn check_text(text: &str, limits: &Limits) -> Result<(), ResultError> {
    let (bytes, limit) = (text.len(), limits.text_bytes);
    if bytes > limit { Err(ResultError::Text { bytes, limit }) } else { Ok(()) }
}

fn check_list<'a, const N: usize>(
    elements: impl ExactSizeIterator<Item = [&'a str; N]>,
    limits: &Limits,
) -> Result<(), ResultError> {
    let (items, limit) = (elements.len(), limits.list_items);
    if items > limit {
        return Err(ResultError::List { items, limit });
    }
    let mut bytes = items * ELEMENT;
    for text in elements.flatten() {
        check_text(text, limits)?;
        bytes += text.len();
    }
    let limit = limits.result_bytes;
    if bytes > limit { Err(ResultError::Size { limit }) } else { Ok(()) }
}
