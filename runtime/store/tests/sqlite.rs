//! What is SQLite's own: what a file can be, and what it does not let happen.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, also in its helpers")]

use masque_session::ports::{Batch, Journal as _, JournalError};
use masque_session::{AgentKey, Entry, Event, Head, Time};
use masque_store::Sqlite;

fn event() -> Event {
    Event::Founded { agent: "ada".parse().unwrap(), key: AgentKey::from_seed([1; 32]).public() }
}

fn with_one_record(path: &std::path::Path) -> Sqlite {
    let journal = Sqlite::open(path).unwrap();
    let (_, record) = Entry::seal(&Head::EMPTY, Time(1), event());
    journal.append(0, &mut |_| Ok(Batch { records: vec![record.clone()], checkpoint: None })).unwrap();
    journal
}

#[test]
fn the_database_lets_no_record_be_changed_or_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    drop(with_one_record(&path));
    let plain = rusqlite::Connection::open(&path).unwrap();
    for statement in ["UPDATE record SET body = '{}'", "DELETE FROM record"] {
        let error = plain.execute(statement, []).unwrap_err().to_string();
        assert!(error.contains("only appended to"), "{error}");
    }
}

#[test]
fn what_is_no_journal_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    std::fs::write(&path, "this is a letter to a friend, and no database of any kind at all\n".repeat(20))
        .unwrap();
    assert!(matches!(Sqlite::open(&path), Err(JournalError::Broken(_))));
    assert!(matches!(Sqlite::open(&folder.path().join("no/such/folder")), Err(JournalError::Unwritable(_))));
}

#[test]
fn a_journal_to_be_read_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    assert!(matches!(Sqlite::open_to_read(&path), Err(JournalError::Unwritable(_))));
    drop(with_one_record(&path));
    let journal = Sqlite::open_to_read(&path).unwrap();
    assert_eq!(journal.after(0).unwrap().len(), 1);
    let (entry, record) = Entry::seal(&Head::EMPTY, Time(1), event());
    assert_eq!(entry.seq, 1);
    let refused = journal.append(0, &mut |_| Ok(Batch { records: vec![record.clone()], checkpoint: None }));
    assert!(matches!(refused, Err(JournalError::Unwritable(_))), "{refused:?}");
    assert_eq!(journal.after(0).unwrap().len(), 1);
}

#[test]
fn a_disk_without_room_takes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    let journal = with_one_record(&path);
    // As large as it may get: the database's own limit stands for that of the disk.
    let event = |n: usize| Event::Founded {
        agent: format!("agent-{n}").parse().unwrap(),
        key: AgentKey::from_seed([1; 32]).public(),
    };
    let mut head = Head { seq: 1, digest: journal.after(0).unwrap()[0].digest, at: Time(1) };
    journal.limit_pages(16).unwrap();
    let full = journal.append(1, &mut |_| {
        let mut records = Vec::new();
        for n in 0..1000 {
            let (entry, record) = Entry::seal(&head, Time(1), event(n));
            head = Head { seq: entry.seq, digest: record.digest, at: entry.at };
            records.push(record);
        }
        Ok(Batch { records, checkpoint: None })
    });
    assert!(matches!(full, Err(JournalError::Unwritable(_))), "{full:?}");
    assert_eq!(journal.after(0).unwrap().len(), 1);
}
