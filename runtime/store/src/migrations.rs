//! The versions of the database's shape. A step is never changed once it was released; the next one is added behind it.

use masque_session::ports::JournalError;
use rusqlite::{Connection, TransactionBehavior};

use crate::sqlite::failed;

/// The step from each version to the next; a database states its version as `user_version`.
const STEPS: &[&str] = &["
    CREATE TABLE record (
        seq    INTEGER PRIMARY KEY CHECK (seq > 0),
        body   TEXT NOT NULL,
        digest BLOB NOT NULL CHECK (length(digest) = 32)
    ) STRICT;
    CREATE TABLE checkpoint (
        seq       INTEGER PRIMARY KEY REFERENCES record (seq),
        digest    BLOB NOT NULL CHECK (length(digest) = 32),
        key       BLOB NOT NULL CHECK (length(key) = 32),
        signature BLOB NOT NULL CHECK (length(signature) = 64)
    ) STRICT;
    CREATE TRIGGER record_stays BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END;
    CREATE TRIGGER record_is_kept BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END;
"];

const PRESENT: u32 = STEPS.len() as u32;

/// Brings a database to the present version.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), JournalError> {
    // Whoever opens it at the same time waits, and finds the work done.
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| failed(&error))?;
    let version: u32 =
        transaction.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(|error| failed(&error))?;
    let Some(steps) = STEPS.get(version as usize..) else {
        return Err(JournalError::Broken(format!(
            "it has version {version} and this build knows version {PRESENT}: update masque"
        )));
    };
    for step in steps {
        transaction.execute_batch(step).map_err(|error| failed(&error))?;
    }
    if !steps.is_empty() {
        transaction.pragma_update(None, "user_version", PRESENT).map_err(|error| failed(&error))?;
    }
    transaction.commit().map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(connection: &Connection) -> Vec<String> {
        let mut statement =
            connection.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    #[test]
    fn every_earlier_version_becomes_the_present_one() {
        let mut fresh = Connection::open_in_memory().unwrap();
        migrate(&mut fresh).unwrap();
        for version in 0..=STEPS.len() {
            let mut earlier = Connection::open_in_memory().unwrap();
            for step in &STEPS[..version] {
                earlier.execute_batch(step).unwrap();
            }
            earlier.pragma_update(None, "user_version", u32::try_from(version).unwrap()).unwrap();
            migrate(&mut earlier).unwrap();
            assert_eq!(shape(&earlier), shape(&fresh), "from version {version}");
        }
        assert!(shape(&fresh).len() >= 4);
    }

    #[test]
    fn a_later_version_is_left_alone() {
        let mut later = Connection::open_in_memory().unwrap();
        later.pragma_update(None, "user_version", PRESENT + 1).unwrap();
        let error = migrate(&mut later).unwrap_err();
        assert!(error.to_string().contains("update masque"), "{error}");
        assert!(shape(&later).is_empty());
    }
}
