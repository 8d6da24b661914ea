fn main() {
    let text = std::fs::read_to_string("/tmp/verbs.txt").unwrap();
    let mut words: Vec<&str> = text.split_whitespace().collect();
    words.sort(); words.dedup();
    let known: std::collections::HashSet<&str> = words.iter().copied().collect();
    let mut bad = 0; let mut total = 0; let mut falsepos = vec![];
    for w in &words {
        if let Some(b) = masque_automata::verbs::base_of(w) { falsepos.push(format!("{w}->{b}")); }
        for f in masque_automata::verbs::inflections(w) {
            if f == *w || known.contains(f.as_str()) { continue; }
            total += 1;
            let b = masque_automata::verbs::base_of(&f);
            if b.as_deref() != Some(*w) && !b.as_deref().is_some_and(|b| known.contains(b)) { bad += 1; println!("{f}: {} got {:?}", w, b.as_deref().unwrap_or("-")); }
        }
    }
    println!("bad {bad} of {total}; false {falsepos:?}");
    for f in std::env::args().skip(1) { println!("{f} {:?}", masque_automata::verbs::base_of(&f)); }
}
