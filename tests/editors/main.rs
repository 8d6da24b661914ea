//! Editors as people run them: the packages of VS Code, Neovim, and YAML editors that know nothing but the JSON Schema.
//!
//! A tool that can't be had makes its test be reported as ignored, with the reason; a tool that is there and fails is a failure.

mod lsp;
mod neovim;
mod npm;
mod vscode;
mod yaml;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = vec![
        npm::trial("the_extension_of_vs_code_is_packaged", &arguments, "grammar/vscode", vscode::is_packaged),
        Trial::test("the_snippets_of_vs_code_compile", vscode::snippets_compile),
        npm::trial("yaml_editors_check_against_the_schema", &arguments, "tests/editors/yaml", yaml::checks),
        neovim::trial(&arguments),
    ];
    libtest_mimic::run(&arguments, trials).exit_code()
}
