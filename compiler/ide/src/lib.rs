//! What an editor asks of a source, answered as plain data over byte offsets: where the caret stands, what may be written there, what a word
//! means, where a name comes from, how a text is made up.
//!
//! Nothing here fails on a broken text: an editor asks while it is being written. Where a tree can be had it is used, and else the text.
//!
//! What does not live here: the protocol of editors, positions in lines, files (`masquec`), and what is wrong with a source (`check`).

mod completion;
mod context;
mod hover;
mod names;
mod outline;
mod tokens;

pub use completion::{Completion, CompletionKind, Surroundings, complete};
pub use context::{Caret, Spot, caret};
pub use hover::{Hover, hover};
pub use names::{Name, Role, name_at, names};
pub use outline::{Fold, Symbol, SymbolKind, folds, selections, symbols};
pub use tokens::{Token, TokenKind, tokens};
