//! Tools of npm. Whether they can be had shows only while a test runs: where they can't, the test is reported as ignored, with the reason.
//! A tool that is there and fails is a failure.

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Failed, Trial};

/// The repository, from any crate two folders below it.
pub(crate) const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A test that needs the packages of a folder with a `package-lock.json`; it is given the folder that they were installed in.
pub(crate) fn trial(
    name: &str,
    arguments: &Arguments,
    folder: &'static str,
    test: fn(&Path) -> Result<(), Failed>,
) -> Trial {
    // Whoever asks for names alone does not wait for tools.
    if arguments.list || is_left_out(name, arguments) {
        return Trial::test(name, || Ok(()));
    }
    match install(folder) {
        Ok(installed) => Trial::test(name, move || test(&installed)),
        Err(reason) => {
            eprintln!("npm in {folder}: {reason}");
            skipped(name, &format!("the packages of {folder} can't be had"))
        }
    }
}

/// A test that can't be run here, and why.
pub(crate) fn skipped(name: &str, reason: &str) -> Trial {
    eprintln!("skipped: {name}: {reason}");
    Trial::test(name, || Ok(())).with_kind(format!("skipped: {reason}")).with_ignored_flag(true)
}

fn is_left_out(name: &str, arguments: &Arguments) -> bool {
    arguments.filter.as_ref().is_some_and(|filter| !name.contains(filter.as_str()))
}

/// `npm ci` beside the build's other files; once for each state of the lock file.
fn install(folder: &str) -> Result<PathBuf, String> {
    let from = Path::new(ROOT).join(folder);
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("npm").join(folder.replace('/', "-"));
    let text = |error: std::io::Error| error.to_string();
    let lock = std::fs::read_to_string(from.join("package-lock.json")).map_err(text)?;
    let stamp = to.join("installed");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(to);
    }
    std::fs::create_dir_all(&to).map_err(text)?;
    for file in ["package.json", "package-lock.json"] {
        std::fs::copy(from.join(file), to.join(file)).map_err(text)?;
    }
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    let output = Command::new("npm").args(arguments).current_dir(&to).output();
    let output = output.map_err(|error| format!("npm: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    std::fs::write(&stamp, lock).map_err(text)?;
    Ok(to)
}

/// What a command prints, if it ends well.
pub(crate) fn printed(command: &mut Command) -> Result<String, Failed> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        return Err(format!("{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&said)).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
