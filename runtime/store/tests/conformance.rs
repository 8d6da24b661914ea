//! What every store of the journal promises. Another store runs the same cases by adding itself to `stores`.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, also in its helpers")]

use masque_session::ports::{Batch, Journal, JournalError};
use masque_session::{AgentKey, Chain, ChainError, Checkpoint, Entry, Event, Head, Record};
use masque_store::Sqlite;

/// A place where a journal is kept, which may be opened many times at once.
trait Place: Sync {
    fn open(&self) -> Result<Box<dyn Journal>, JournalError>;
}

struct SqliteFile(tempfile::TempDir);

impl Place for SqliteFile {
    fn open(&self) -> Result<Box<dyn Journal>, JournalError> {
        Ok(Box::new(Sqlite::open(&self.0.path().join("journal.sqlite"))?))
    }
}

/// Fresh places, one for each kind of store.
fn stores() -> Vec<Box<dyn Place>> {
    vec![Box::new(SqliteFile(tempfile::tempdir().unwrap()))]
}

fn store_key() -> AgentKey {
    AgentKey::from_seed([3; 32])
}

fn event(name: &str) -> Event {
    Event::Founded { agent: name.parse().unwrap(), key: AgentKey::from_seed([1; 32]).public() }
}

/// So many entries after whatever there is.
fn append(journal: &dyn Journal, known: u64, names: &[String]) -> Result<u64, JournalError> {
    let mut last = 0;
    journal.append(known, &mut |newer| {
        let before = newer.last().expect("these tests know no more than what lies before the last");
        let mut head = Head { seq: before.seq, digest: before.digest, at: masque_session::Time(0) };
        let batch = batch(&mut head, names);
        last = head.seq;
        Ok(batch)
    })?;
    Ok(last)
}

fn batch(head: &mut Head, names: &[String]) -> Batch {
    let mut records = Vec::new();
    for name in names {
        let (entry, record) = Entry::seal(head, masque_session::Time(7), event(name));
        *head = Head { seq: entry.seq, digest: record.digest, at: entry.at };
        records.push(record);
    }
    Batch { records, checkpoint: Some(Checkpoint::sign(head, &store_key())) }
}

fn begin(journal: &dyn Journal) {
    let begun = journal.append(0, &mut |newer| {
        Ok(if newer.is_empty() {
            batch(&mut Head::EMPTY.clone(), &["first".to_owned()])
        } else {
            Batch::default()
        })
    });
    begun.unwrap();
}

fn verify(journal: &dyn Journal) -> Vec<Record> {
    let records = journal.after(0).unwrap();
    Chain::verify(&records, &journal.checkpoints().unwrap(), &store_key().public()).unwrap();
    records
}

#[test]
fn what_was_appended_is_there_when_it_is_opened_again() {
    for place in stores() {
        let journal = place.open().unwrap();
        assert_eq!(journal.after(0), Ok(Vec::new()));
        begin(&*journal);
        append(&*journal, 0, &["a".to_owned(), "b".to_owned()]).unwrap();
        let before = verify(&*journal);
        drop(journal);
        let journal = place.open().unwrap();
        assert_eq!(verify(&*journal), before);
        assert_eq!(journal.after(2).unwrap(), before[2..]);
        assert_eq!(journal.after(99), Ok(Vec::new()));
    }
}

#[test]
fn a_writer_sees_what_others_appended_meanwhile() {
    for place in stores() {
        let (one, other) = (place.open().unwrap(), place.open().unwrap());
        begin(&*one);
        append(&*other, 0, &["a".to_owned()]).unwrap();
        let mut seen = Vec::new();
        one.append(1, &mut |newer| {
            seen = newer;
            Ok(Batch::default())
        })
        .unwrap();
        assert_eq!(seen.iter().map(|record| record.seq).collect::<Vec<_>>(), [2]);
        assert_eq!(one.after(0).unwrap().len(), 2);
    }
}

#[test]
fn a_batch_is_there_as_a_whole_or_not_at_all() {
    for place in stores() {
        let journal = place.open().unwrap();
        begin(&*journal);
        let before = verify(&*journal);
        let error = ChainError::Changed { seq: 1 };
        let refused = journal.append(0, &mut |_| Err(error.clone()));
        assert_eq!(refused, Err(JournalError::Chain(error)));
        // The second of them has a position that is taken.
        let clash = journal.append(0, &mut |newer| {
            let mut head = Head { seq: 1, digest: newer[0].digest, at: masque_session::Time(7) };
            let mut batch = batch(&mut head, &["a".to_owned(), "b".to_owned()]);
            batch.records[1].seq = 2;
            Ok(batch)
        });
        assert!(clash.is_err());
        assert_eq!(verify(&*journal), before);
        append(&*journal, 0, &["c".to_owned()]).unwrap();
        assert_eq!(verify(&*journal).len(), 2);
    }
}

#[test]
fn many_who_open_and_write_at_once_take_turns() {
    const WRITERS: usize = 8;
    const EACH: usize = 25;
    for place in stores() {
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let place = &place;
                scope.spawn(move || {
                    let journal = place.open().unwrap();
                    begin(&*journal);
                    for turn in 0..EACH {
                        append(&*journal, 0, &[format!("w{writer}-{turn}")]).unwrap();
                    }
                });
            }
        });
        let journal = place.open().unwrap();
        assert_eq!(verify(&*journal).len(), 1 + WRITERS * EACH);
    }
}
