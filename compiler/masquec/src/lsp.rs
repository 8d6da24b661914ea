//! `masquec lsp`: the compiler behind an editor, over standard input and output (Language Server Protocol 3.17).
//!
//! One thread answers, in the order of arrival; what was cancelled in the meantime is not answered, and findings are published when nothing
//! waits. So an answer is always about the text as the editor last described it. A request that fails in an unforeseen way is answered with an error, and the
//! server goes on.
//!
//! Only this module knows the protocol's types. What editors ask for is found out by `ide`, which knows nothing of positions in lines.

mod documents;
mod positions;
mod requests;
mod server;
mod trial;
mod wire;
mod workspace;

pub(crate) use server::{LspError, run};

/// The command that tries an intent: the URI of an open text, and the intent.
const TRY_INTENT: &str = "masque.tryIntent";
/// The command that runs a test: the URI of an open text, and the test's name.
const RUN_TEST: &str = "masque.runTest";
