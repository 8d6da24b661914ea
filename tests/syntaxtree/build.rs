//! Compiles the generated parser and the scanner beside it.

use std::path::Path;

fn main() {
    let source = Path::new("../../grammar/tree-sitter-masque/src");
    let files = ["parser.c", "scanner.c"].map(|file| source.join(file));
    let mut compiler = cc::Build::new();
    // The tables are data: there is little in them to optimise.
    compiler.include(source).std("c11").opt_level(1).warnings(false).files(&files);
    compiler.compile("tree-sitter-masque");
    println!("cargo:rerun-if-changed={}", source.display());
}
