//! The journal as a hash chain: each record's digest is over its body, and each body names the digest before it.

use serde::{Deserialize, Serialize};

use crate::{AgentKey, Digest, Event, PublicKey, Signature, Time};

/// What a store keeps, and gives back byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its position, from 1.
    pub seq: u64,
    /// One line of JSON.
    pub body: String,
    /// SHA-256 of the body.
    pub digest: Digest,
}

/// A record that was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its position, from 1.
    pub seq: u64,
    /// When; never earlier than the entry before.
    pub at: Time,
    /// The digest of the record before; zeros for the first.
    pub previous: Digest,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// The last record, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its position; 0 in an empty journal.
    pub seq: u64,
    /// Its digest.
    pub digest: Digest,
    /// Its time.
    pub at: Time,
}

impl Head {
    /// The head of an empty journal.
    pub const EMPTY: Self = Self { seq: 0, digest: Digest([0; 32]), at: Time(0) };
}

impl Entry {
    /// The next entry after a head, and its record. A clock that was set back does not set the journal back.
    pub fn seal(head: &Head, now: Time, event: Event) -> (Self, Record) {
        let entry = Self { seq: head.seq + 1, at: now.max(head.at), previous: head.digest, event };
        let body =
            serde_json::to_string(&entry).expect("entries have string keys and no floating point numbers");
        let record = Record { seq: entry.seq, digest: Digest::of(body.as_bytes()), body };
        (entry, record)
    }
}

/// The store's word that its journal went so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The position of the last record.
    pub seq: u64,
    /// Its digest.
    pub digest: Digest,
    /// The store's key.
    pub key: PublicKey,
    /// The store's signature of position and digest.
    pub signature: Signature,
}

const PURPOSE: &str = "masque checkpoint 1";

impl Checkpoint {
    /// Signs for a head.
    pub fn sign(head: &Head, key: &AgentKey) -> Self {
        let signature = key.sign(PURPOSE, &Self::message(head.seq, &head.digest));
        Self { seq: head.seq, digest: head.digest, key: key.public(), signature }
    }

    /// Whether this store's key signed it.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        self.key == *key && key.signed(PURPOSE, &Self::message(self.seq, &self.digest), &self.signature)
    }

    fn message(seq: u64, digest: &Digest) -> Vec<u8> {
        format!("{seq} {digest}").into_bytes()
    }
}

/// What is wrong with a journal, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what the variants are")]
pub enum ChainError {
    #[error("entry {seq} is missing: entry {found} follows entry {}", seq - 1)]
    Missing { seq: u64, found: u64 },
    #[error("entry {seq} was changed: its digest is not that of its text")]
    Changed { seq: u64 },
    #[error("entry {seq} does not follow entry {}: it names another digest", seq - 1)]
    Unlinked { seq: u64 },
    #[error("entry {seq} stands at another place than it was written for")]
    Moved { seq: u64 },
    #[error("entry {seq} was written at an earlier time than the one before it")]
    Backwards { seq: u64 },
    #[error("entry {seq} can't be read: {reason}")]
    Unreadable { seq: u64, reason: String },
    #[error(
        "the journal ends at entry {last}, and the store signed for entry {seq}: the entries after {last} were removed"
    )]
    CutOff { last: u64, seq: u64 },
    #[error("entry {seq} is not the one that the store signed for: entries up to {seq} were written anew")]
    Rewritten { seq: u64 },
    #[error("the checkpoint of entry {seq} was not signed by this store's key")]
    BadCheckpoint { seq: u64 },
    #[error("no checkpoint covers the entries after {seq}: they were not written by this store")]
    Unsigned { seq: u64 },
}

/// Follows a journal record by record.
#[derive(Clone, Debug)]
pub struct Chain {
    head: Head,
}

impl Default for Chain {
    fn default() -> Self {
        Self { head: Head::EMPTY }
    }
}

impl Chain {
    /// How far it has come.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Reads the next record.
    ///
    /// # Errors
    /// When it is not the next one, or not as it was written.
    pub fn follow(&mut self, record: &Record) -> Result<Entry, ChainError> {
        let seq = self.head.seq + 1;
        if record.seq != seq {
            return Err(ChainError::Missing { seq, found: record.seq });
        }
        if Digest::of(record.body.as_bytes()) != record.digest {
            return Err(ChainError::Changed { seq });
        }
        let entry: Entry = serde_json::from_str(&record.body)
            .map_err(|error| ChainError::Unreadable { seq, reason: error.to_string() })?;
        if entry.seq != seq {
            return Err(ChainError::Moved { seq });
        }
        if entry.previous != self.head.digest {
            return Err(ChainError::Unlinked { seq });
        }
        if entry.at < self.head.at {
            return Err(ChainError::Backwards { seq });
        }
        self.head = Head { seq, digest: record.digest, at: entry.at };
        Ok(entry)
    }

    /// Reads a whole journal and holds it to the store's checkpoints, which are in order.
    ///
    /// # Errors
    /// At the first place where it is not as it was written.
    pub fn verify(
        records: &[Record],
        checkpoints: &[Checkpoint],
        key: &PublicKey,
    ) -> Result<Head, ChainError> {
        let mut chain = Self::default();
        for record in records {
            chain.follow(record)?;
        }
        let last = chain.head.seq;
        let mut covered = 0;
        for checkpoint in checkpoints {
            let seq = checkpoint.seq;
            if !checkpoint.is_signed_by(key) {
                return Err(ChainError::BadCheckpoint { seq });
            }
            let signed = usize::try_from(seq).ok().and_then(|seq| records.get(seq.checked_sub(1)?));
            match signed {
                None => return Err(ChainError::CutOff { last, seq }),
                Some(record) if record.digest != checkpoint.digest => {
                    return Err(ChainError::Rewritten { seq });
                }
                Some(_) => covered = covered.max(seq),
            }
        }
        if covered < last {
            return Err(ChainError::Unsigned { seq: covered });
        }
        Ok(chain.head)
    }
}
