//! What only several files show.

use masque_check::check_together;
use masque_diagnostics::{Diagnostic, Sources};

/// Parses the files and checks them against each other; each finding with the file and text of its two places.
fn found(files: &[(&str, &str)]) -> Vec<(Diagnostic, String)> {
    let mut sources = Sources::new();
    let ids: Vec<_> = files.iter().map(|&(name, text)| sources.add(name, text)).collect();
    let parsed: Vec<_> =
        ids.iter().zip(files).map(|(&id, (name, text))| masque_syntax::parse(id, name, text)).collect();
    let trees = ids.iter().zip(&parsed).filter_map(|(&id, parsed)| Some((sources.get(id), parsed.masque()?)));
    let found = check_together(trees).into_sorted();
    let place = |span| {
        let span: masque_diagnostics::Span = span;
        format!("{}:{:?}", sources.get(span.source).name(), sources.slice(span))
    };
    found
        .into_iter()
        .map(|found| {
            let places = format!("{} after {}", place(found.primary.span), place(found.secondary[0].span));
            (found, places)
        })
        .collect()
}

#[test]
fn an_index_and_an_id_at_one_version_belong_to_one_masque() {
    /// What it is about, files by name and text, and findings by message and places.
    type Case =
        (&'static str, &'static [(&'static str, &'static str)], &'static [(&'static str, &'static str)]);
    let cases: [Case; 8] = [
        (
            "nothing shared",
            &[
                ("a.yaml", "{name: A, index: 1, version: 1.0.0}"),
                ("b.yaml", "{name: B, index: 2, version: 1.0.0}"),
            ],
            &[],
        ),
        ("no claims", &[("a.yaml", "{lens: x}"), ("b.yaml", "{lens: x}")], &[]),
        (
            "one index three times",
            &[("a.yaml", "index: 7"), ("b.yaml", "index: 7"), ("c.json", "{\"index\": 7}")],
            &[
                ("two masques have the index 7", "b.yaml:\"7\" after a.yaml:\"7\""),
                ("two masques have the index 7", "c.json:\"7\" after a.yaml:\"7\""),
            ],
        ),
        (
            "an id that another makes from its name",
            &[("a.yaml", "{name: Home Lab, version: 1.0.0}"), ("b.yaml", "{id: home-lab, version: '1'}")],
            &[(
                "two masques are `home-lab` at version 1.0.0",
                "b.yaml:\"home-lab\" after a.yaml:\"Home Lab\"",
            )],
        ),
        (
            "names from files in two directories",
            &[("x/homelab.masque.yaml", "version: 1.0.0"), ("y/homelab.masque.yaml", "version: 1.0.0")],
            &[(
                "two masques are `homelab` at version 1.0.0",
                "y/homelab.masque.yaml:\"\" after x/homelab.masque.yaml:\"\"",
            )],
        ),
        (
            "two versions of one masque",
            &[("a.yaml", "{name: A, version: 1.0.0}"), ("b.yaml", "{name: A, version: 1.0.1}")],
            &[],
        ),
        (
            "versions that are none",
            &[("a.yaml", "{name: A, version: x}"), ("b.yaml", "{name: A, version: x}")],
            &[],
        ),
        (
            "indices that are none",
            &[("a.yaml", "{name: A, index: 0}"), ("b.yaml", "{name: B, index: 0}")],
            &[],
        ),
    ];
    for (title, files, expected) in cases {
        let found = found(files);
        let shown: Vec<(&str, &str)> =
            found.iter().map(|(found, places)| (found.message.as_str(), places.as_str())).collect();
        assert_eq!(shown, expected, "{title}");
    }
}
