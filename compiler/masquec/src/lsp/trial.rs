//! Commands that run a masque: an intent is tried, a test is run. Both build the program of the text as it stands, saved or not.

use masque_host::abi::Session;
use masque_host::{Host, Limits, Ring};
use serde_json::{Value, json};

use lsp_types::Uri;

use super::server::{Failure, Server};
use crate::compile;
use crate::test;

impl Server {
    /// The decision on an intent, in a session of the masque's own ring, with the rules that decide.
    pub(super) fn try_intent(&mut self, uri: &Uri, intent: &str) -> Result<Value, Failure> {
        let compiled = self.compiled(uri)?;
        let program = compiled
            .program
            .ok_or_else(|| Failure::invalid("the text has errors, so that there is no program"))?;
        let failed = |error: &dyn std::fmt::Display| Failure::invalid(&error.to_string());
        let host = self.host()?;
        let masque = host.load(&program.component()).map_err(|error| failed(&error))?;
        let ring = compiled.masque.map_or(Ring::Player, |masque| test::ring_of(masque.identity.ring));
        let asked = Session { intent: intent.to_owned(), ring, agent: String::new(), params: Vec::new() };
        let mut session = masque.session(asked).map_err(|error| failed(&error))?;
        let decision = session.judge(intent).map_err(|error| failed(&error))?;
        let why = session.explain(intent).map_err(|error| failed(&error))?;
        let rules: Vec<Value> = why
            .into_iter()
            .flat_map(|why| why.deciding)
            .map(|deciding| json!({ "pattern": deciding.rule.pattern, "because": deciding.rule.because }))
            .collect();
        Ok(json!({ "intent": intent, "decision": decision.to_string(), "rules": rules }))
    }

    /// Whether a test holds, and where not.
    pub(super) fn run_test(&mut self, uri: &Uri, name: &str) -> Result<Value, Failure> {
        let compiled = self.compiled(uri)?;
        let (Some(masque), Some(program)) = (compiled.masque, compiled.program) else {
            return Err(Failure::invalid("the text has errors, so that there is no program"));
        };
        let report = test::run_one(&masque, &program.component(), self.host()?, name);
        report.ok_or_else(|| Failure::invalid(&format!("the masque has no test `{name}`")))
    }

    fn compiled(&mut self, uri: &Uri) -> Result<compile::Compiled, Failure> {
        let library = self.library.clone();
        let buffer = self.buffer(uri)?;
        Ok(compile::compile(buffer.path.display().to_string(), buffer.text.as_bytes().to_vec(), &library))
    }

    /// The sandbox; it takes a while to make, and most editors never ask for it.
    fn host(&mut self) -> Result<&Host, Failure> {
        if self.host.is_none() {
            let host = Host::new(Limits::default()).map_err(|error| Failure::invalid(&error.to_string()))?;
            self.host = Some(host);
        }
        Ok(self.host.as_ref().expect("it was made just now"))
    }
}
