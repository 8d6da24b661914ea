//! `masquec`, the compiler's command line. See [`masquec::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    masquec::cli::main()
}
