//! What an embedder decides once for a host, beside the limits.

use std::path::PathBuf;

use crate::Key;

/// Settings of a host. Take [`Options::default`] and change what must differ.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which components that `masquec` did not make are loaded. Default: none.
    pub foreign: Foreign,
    /// Where compiled code is kept between runs, in sealed envelopes. The directory is made when it is missing, and so is the host's
    /// key in it, readable for its owner alone. Above 512 MiB the code that was kept first goes. Default: nowhere.
    pub cache: Option<PathBuf>,
    /// The key that seals and opens this host's envelopes. Default: the one in the cache directory, else a random one that ends with
    /// the host.
    pub key: Option<Key>,
    /// Keys of others whose precompiled code is run as well.
    pub trusted: Vec<Key>,
    /// How many compiled masques stay in memory when nobody uses them, so that loading them again is cheap. Default: 64.
    pub kept: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { foreign: Foreign::default(), cache: None, key: None, trusted: Vec::new(), kept: 64 }
    }
}

/// Which components of other tools are loaded. What they answer can't be explained, compared or proved, only asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Foreign {
    /// None.
    #[default]
    Refuse,
    /// Those of a masque's own structure: one core module with one memory, no imports.
    WithoutImports,
    /// Also those with a language runtime inside, which import interfaces of WASI. They are given nothing: environment, arguments and
    /// directories are empty, time stands still, random bytes are zeros, and every other import traps when it is called. Their size
    /// and memory mostly need higher [`Limits`](crate::Limits).
    WithWasi,
}
