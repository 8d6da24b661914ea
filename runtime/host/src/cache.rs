//! Compiled masques by digest: in memory, and on disk between runs.

use std::collections::{HashMap, VecDeque};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use masque_abi::hex;

use crate::code::Kind;
use crate::envelope::{self, Contents};
use crate::{HostError, Key};

/// Values in use by anyone, and the few that were used last.
pub(crate) struct Memory<T> {
    known: HashMap<[u8; 32], Weak<T>>,
    recent: VecDeque<Arc<T>>,
    kept: usize,
    /// When there are so many known, those that nobody uses any more are forgotten.
    sweep_at: usize,
}

impl<T> Memory<T> {
    const FEWEST: usize = 128;

    pub(crate) fn new(kept: usize) -> Self {
        Self { known: HashMap::new(), recent: VecDeque::new(), kept, sweep_at: Self::FEWEST }
    }

    pub(crate) fn get(&mut self, digest: &[u8; 32]) -> Option<Arc<T>> {
        let found = self.known.get(digest)?.upgrade()?;
        self.recent.retain(|recent| !Arc::ptr_eq(recent, &found));
        self.keep(&found);
        Some(found)
    }

    pub(crate) fn insert(&mut self, digest: [u8; 32], value: &Arc<T>) {
        if self.known.len() >= self.sweep_at {
            self.known.retain(|_, value| value.strong_count() > 0);
            self.sweep_at = (2 * self.known.len()).max(Self::FEWEST);
        }
        self.known.insert(digest, Arc::downgrade(value));
        self.keep(value);
    }

    fn keep(&mut self, value: &Arc<T>) {
        self.recent.push_back(Arc::clone(value));
        while self.recent.len() > self.kept {
            self.recent.pop_front();
        }
    }
}

/// A directory of envelopes. Nothing that goes wrong with it keeps a masque from being loaded.
pub(crate) struct Disk {
    directory: PathBuf,
    key: Key,
}

impl Disk {
    /// Bytes of compiled code that stay on disk.
    const MOST: u64 = 512 << 20;

    pub(crate) fn new(directory: &Path, key: Key) -> Self {
        Self { directory: directory.to_owned(), key }
    }

    /// Makes the directory, for its owner alone.
    pub(crate) fn make(directory: &Path) -> Result<(), HostError> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(directory).map_err(HostError::Cache)
    }

    /// The file for this code, as it lies there.
    pub(crate) fn read(&self, digest: &[u8; 32], compatibility: &[u8; 32], kind: Kind) -> Option<Vec<u8>> {
        std::fs::read(self.path(digest, compatibility, kind)).ok()
    }

    /// What a file holds, if it is whole, ours, and about this component.
    pub(crate) fn open<'a>(
        &self,
        sealed: &'a [u8],
        wasm: &[u8],
        compatibility: &[u8; 32],
    ) -> Option<Contents<'a>> {
        let contents = envelope::open(sealed, [&self.key]).ok()?;
        (contents.wasm == wasm && contents.compatibility == *compatibility).then_some(contents)
    }

    /// Writes a file in one step. A full or read-only disk only costs time later.
    pub(crate) fn write(&self, digest: &[u8; 32], contents: &Contents<'_>, kind: Kind) {
        let write = || {
            let mut file = tempfile::NamedTempFile::new_in(&self.directory)?;
            file.write_all(&envelope::seal(contents, &self.key))?;
            let path = self.path(digest, &contents.compatibility, kind);
            file.persist(&path)?;
            self.prune(&path, Self::MOST)
        };
        let _ = write();
    }

    /// Removes the files that were written first until no more than `most` bytes are left; the file at `newest` stays in any case.
    fn prune(&self, newest: &Path, most: u64) -> std::io::Result<()> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.directory)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "cwasm") && path != newest {
                // Another host may have removed it in the meantime.
                if let Ok(file) = path.metadata() {
                    files.push((file.modified()?, file.len(), path));
                }
            }
        }
        let mut bytes = newest.metadata()?.len() + files.iter().map(|(_, bytes, _)| bytes).sum::<u64>();
        files.sort_unstable();
        for (_, freed, path) in files {
            if bytes <= most {
                break;
            }
            std::fs::remove_file(path)?;
            bytes -= freed;
        }
        Ok(())
    }

    fn path(&self, digest: &[u8; 32], compatibility: &[u8; 32], kind: Kind) -> PathBuf {
        let kind = match kind {
            Kind::Core => "core",
            Kind::Component => "component",
        };
        self.directory.join(format!("{}-{}-{kind}.cwasm", hex(digest), hex(&compatibility[..8])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(number: usize) -> [u8; 32] {
        let mut digest = [0; 32];
        digest[..8].copy_from_slice(&number.to_le_bytes());
        digest
    }

    #[test]
    fn the_last_ones_are_kept_and_the_used_ones_are_known() {
        let mut memory = Memory::new(2);
        let used = Arc::new(0);
        memory.insert(digest(0), &used);
        for number in 1..=3 {
            memory.insert(digest(number), &Arc::new(number));
        }
        assert_eq!(memory.get(&digest(0)), Some(used), "someone uses it");
        assert_eq!(memory.get(&digest(1)), None);
        assert_eq!(memory.get(&digest(2)), None, "number 0 was used since");
        assert_eq!(memory.get(&digest(3)).as_deref(), Some(&3));
    }

    #[test]
    fn the_oldest_files_go_when_there_is_too_much_of_them() {
        let directory = tempfile::tempdir().unwrap();
        let disk = Disk::new(directory.path(), Key::from_bytes([0; 32]));
        let start = std::time::SystemTime::UNIX_EPOCH;
        for (age, name) in ["d.cwasm", "c.cwasm", "b.cwasm", "a.cwasm", "host.key"].into_iter().enumerate() {
            let path = directory.path().join(name);
            std::fs::write(&path, [0; 100]).unwrap();
            let written = start + std::time::Duration::from_secs(1_000 - age as u64);
            std::fs::File::options().write(true).open(path).unwrap().set_modified(written).unwrap();
        }
        let left = || {
            let names = std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name());
            let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
            names.sort();
            names
        };
        let newest = directory.path().join("d.cwasm");
        disk.prune(&newest, 400).unwrap();
        assert_eq!(left(), ["a.cwasm", "b.cwasm", "c.cwasm", "d.cwasm", "host.key"], "there is room for all");
        disk.prune(&newest, 250).unwrap();
        assert_eq!(left(), ["c.cwasm", "d.cwasm", "host.key"]);
        disk.prune(&newest, 0).unwrap();
        assert_eq!(left(), ["d.cwasm", "host.key"], "the newest stays, and so does what is no code");
    }

    #[test]
    fn what_nobody_uses_is_forgotten() {
        let mut memory = Memory::new(1);
        for number in 0..10_000 {
            memory.insert(digest(number), &Arc::new(number));
        }
        assert!(memory.known.len() <= Memory::<usize>::FEWEST);
    }
}
