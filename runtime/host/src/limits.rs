//! What a masque may use, and how much may go in and come out.

use std::time::Duration;

use crate::HostError;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Bounds on everything that a masque is given and gives back. Take [`Limits::default`] and change what must differ.
///
/// ```
/// use masque_host::Limits;
/// let limits = Limits { fuel: 1_000_000, ..Limits::default() };
/// assert!(limits.validate().is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a component that is loaded, checked before anything looks into it. Default: 4 MiB, room for an automaton of
    /// 1 MiB and long texts. A component made by a language with a runtime of its own needs some 20–40 MiB.
    pub wasm_bytes: usize,
    /// Bytes of an intent, before and after normalisation. Default: 4096. At most 256 KiB.
    pub intent_bytes: usize,
    /// Bytes of all strings of a session together. Default: 64 KiB. At most 512 KiB.
    pub session_bytes: usize,
    /// Parameters of a session. Default: 256. At most 8192.
    pub session_params: usize,
    /// Bytes of one string that a masque returns. Default: 256 KiB.
    pub text_bytes: usize,
    /// Bytes of one whole result, at 64 bytes for each element of a list. Default: 1 MiB.
    pub result_bytes: usize,
    /// Elements of a list that a masque returns. Default: 4096.
    pub list_items: usize,
    /// Bytes of a linear memory. Default: 16 MiB. At most 4 GiB.
    pub memory_bytes: usize,
    /// Elements of a table. Default: 10,000.
    pub table_elements: usize,
    /// Sessions and one-shot calls that exist at the same time: each holds a pooled instance. Default: 1000. An instance reserves
    /// 4 GiB of address space (no memory), of which 64-bit machines have 128 TiB.
    pub instances: u32,
    /// Units of fuel (about one for each WebAssembly instruction) for each call. Default: 100,000,000, about a tenth of a second.
    pub fuel: u64,
    /// Wall-clock time of each call, to within a tenth. Default: 1 s. From 1 ms to 1 h.
    pub deadline: Duration,
    /// Bytes of native stack that a masque's calls may take. Default: 512 KiB. From 64 KiB to 4 MiB; the calling thread's stack must
    /// have that much left.
    pub stack_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wasm_bytes: 4 * MIB,
            intent_bytes: 4 * KIB,
            session_bytes: 64 * KIB,
            session_params: 256,
            text_bytes: 256 * KIB,
            result_bytes: MIB,
            list_items: 4096,
            memory_bytes: 16 * MIB,
            table_elements: 10_000,
            instances: 1000,
            fuel: 100_000_000,
            deadline: Duration::from_secs(1),
            stack_bytes: 512 * KIB,
        }
    }
}

impl Limits {
    /// Checks that the limits make sense.
    ///
    /// # Errors
    /// Names the first limit outside its range.
    pub fn validate(&self) -> Result<(), HostError> {
        let second = Duration::from_secs(1);
        // An intent and a session together must fit into the MiB that a masque's heap may grow to.
        let checks: [(&'static str, bool, &'static str); 13] = [
            ("wasm_bytes", self.wasm_bytes > 0, "at least 1"),
            ("intent_bytes", (1..=256 * KIB).contains(&self.intent_bytes), "from 1 to 262144"),
            ("session_bytes", self.session_bytes <= 512 * KIB, "at most 524288"),
            ("session_params", self.session_params <= 8192, "at most 8192"),
            ("text_bytes", self.text_bytes > 0, "at least 1"),
            ("result_bytes", self.result_bytes >= self.text_bytes, "at least `text_bytes`"),
            ("list_items", self.list_items > 0, "at least 1"),
            (
                "memory_bytes",
                (64 * KIB..=4096 * MIB).contains(&self.memory_bytes),
                "from 65536 to 4294967296",
            ),
            ("table_elements", self.table_elements <= 10_000_000, "at most 10000000"),
            ("instances", (1..=20_000).contains(&self.instances), "from 1 to 20000"),
            ("fuel", self.fuel > 0, "at least 1"),
            ("deadline", (second / 1000..=second * 3600).contains(&self.deadline), "from 1 ms to 1 h"),
            ("stack_bytes", (64 * KIB..=4 * MIB).contains(&self.stack_bytes), "from 65536 to 4194304"),
        ];
        match checks.into_iter().find(|(_, holds, _)| !holds) {
            None => Ok(()),
            Some((limit, _, range)) => Err(HostError::Limit { limit, range }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_hold() {
        assert!(Limits::default().validate().is_ok());
    }

    #[test]
    fn a_limit_outside_its_range_is_named() {
        let limits = Limits { deadline: Duration::ZERO, ..Limits::default() };
        let message = limits.validate().unwrap_err().to_string();
        assert_eq!(message, "the limit `deadline` is out of range: it must be from 1 ms to 1 h");
    }
}
