//! The journal in a file of SQLite.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use masque_session::ports::{Batch, Journal, JournalError, Write};
use masque_session::{Checkpoint, Digest, PublicKey, Record, Signature};
use rusqlite::{Connection, ErrorCode, OpenFlags, Row, TransactionBehavior, params};

use crate::migrations::migrate;

/// How long another process is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// A journal in a file. Several processes may have it open; they take turns in writing.
pub struct Sqlite {
    connection: Mutex<Connection>,
}

impl Sqlite {
    /// Opens a journal, and makes it where there is none.
    ///
    /// # Errors
    /// When the file can't be opened or written, is no journal, or is one of a later version.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let connection = Connection::open(path).map_err(|error| failed(&error))?;
        Self::with(connection)
    }

    /// Opens a journal that is there, to be read and no more.
    ///
    /// # Errors
    /// When there is none, or it can't be read.
    pub fn open_to_read(path: &Path) -> Result<Self, JournalError> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .map_err(|error| failed(&error))?;
        connection.busy_timeout(PATIENCE).map_err(|error| failed(&error))?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// Keeps the file from growing past so many pages of 4 KiB. What would make it larger is refused as by a full disk.
    ///
    /// # Errors
    /// When the file can't be used.
    pub fn limit_pages(&self, pages: u32) -> Result<(), JournalError> {
        self.locked(|connection| {
            connection
                .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
                .map_err(|error| failed(&error))
        })
    }

    fn with(mut connection: Connection) -> Result<Self, JournalError> {
        connection.busy_timeout(PATIENCE).map_err(|error| failed(&error))?;
        write_ahead(&connection)?;
        // A commit that was answered is on the disk, whatever happens to the machine.
        connection.pragma_update(None, "synchronous", "FULL").map_err(|error| failed(&error))?;
        migrate(&mut connection)?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    fn locked<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        // Whoever panicked with it has left no transaction: those roll back as they are dropped.
        work(&mut self.connection.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Readers don't keep the writer waiting. SQLite does not wait for others while it changes this, so that we do.
fn write_ahead(connection: &Connection) -> Result<(), JournalError> {
    let pause = Duration::from_millis(20);
    let mut patience = PATIENCE;
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && patience > pause => {
                patience -= pause;
                std::thread::sleep(pause);
            }
            other => return other.map_err(|error| failed(&error)),
        }
    }
}

impl Journal for Sqlite {
    fn after(&self, seq: u64) -> Result<Vec<Record>, JournalError> {
        self.locked(|connection| records_after(connection, seq))
    }

    fn checkpoints(&self) -> Result<Vec<Checkpoint>, JournalError> {
        self.locked(|connection| {
            let mut statement = connection
                .prepare("SELECT seq, digest, key, signature FROM checkpoint ORDER BY seq")
                .map_err(|error| failed(&error))?;
            let rows = statement.query_map([], checkpoint).map_err(|error| failed(&error))?;
            rows.collect::<Result<_, _>>().map_err(|error| failed(&error))
        })
    }

    fn append(&self, seq: u64, write: &mut Write<'_>) -> Result<(), JournalError> {
        self.locked(|connection| {
            let transaction = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(|error| failed(&error))?;
            let Batch { records, checkpoint } = write(records_after(&transaction, seq)?)?;
            if records.is_empty() {
                return Ok(());
            }
            insert(&transaction, &records, checkpoint.as_ref()).map_err(|error| failed(&error))?;
            transaction.commit().map_err(|error| failed(&error))
        })
    }
}

fn insert(
    connection: &Connection,
    records: &[Record],
    checkpoint: Option<&Checkpoint>,
) -> Result<(), rusqlite::Error> {
    let mut statement = connection.prepare("INSERT INTO record (seq, body, digest) VALUES (?1, ?2, ?3)")?;
    for Record { seq, body, digest } in records {
        statement.execute(params![number(*seq), body, digest.0])?;
    }
    if let Some(Checkpoint { seq, digest, key, signature }) = checkpoint {
        connection.execute(
            "INSERT INTO checkpoint (seq, digest, key, signature) VALUES (?1, ?2, ?3, ?4)",
            params![number(*seq), digest.0, key.0, signature.0],
        )?;
    }
    Ok(())
}

fn records_after(connection: &Connection, seq: u64) -> Result<Vec<Record>, JournalError> {
    let read = || {
        let mut statement =
            connection.prepare("SELECT seq, body, digest FROM record WHERE seq > ?1 ORDER BY seq")?;
        let rows = statement.query_map([number(seq)], |row| {
            Ok(Record { seq: position(row)?, body: row.get(1)?, digest: Digest(row.get(2)?) })
        })?;
        rows.collect::<Result<_, rusqlite::Error>>()
    };
    read().map_err(|error| failed(&error))
}

fn checkpoint(row: &Row<'_>) -> Result<Checkpoint, rusqlite::Error> {
    Ok(Checkpoint {
        seq: position(row)?,
        digest: Digest(row.get(1)?),
        key: PublicKey(row.get(2)?),
        signature: Signature(row.get(3)?),
    })
}

fn position(row: &Row<'_>) -> Result<u64, rusqlite::Error> {
    // The table demands that it is positive.
    row.get::<_, i64>(0).map(i64::unsigned_abs)
}

/// SQLite counts to 2⁶³, and so does nobody else.
fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

pub(crate) fn failed(error: &rusqlite::Error) -> JournalError {
    let text = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => JournalError::Busy,
        Some(
            ErrorCode::ReadOnly | ErrorCode::DiskFull | ErrorCode::CannotOpen | ErrorCode::PermissionDenied,
        ) => JournalError::Unwritable(text),
        _ => JournalError::Broken(text),
    }
}
