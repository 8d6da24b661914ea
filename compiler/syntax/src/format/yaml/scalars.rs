//! Scalars over several lines, further in or out.

/// A plain or quoted scalar, its lines after the first at `margin`. Line breaks fold, so the white space around them means nothing.
pub(super) fn folded(written: &str, margin: usize) -> String {
    let mut lines = written.split('\n');
    let first = trimmed_end(lines.next().unwrap_or_default());
    let mut out = first.to_owned();
    for line in lines {
        let line = trimmed_end(line.trim_start_matches([' ', '\t']));
        out.push('\n');
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', margin));
            out.push_str(line);
        }
    }
    out
}

/// A line without the white space at its end, unless a backslash makes something of it.
fn trimmed_end(line: &str) -> &str {
    let trimmed = line.trim_end_matches(['\r', ' ', '\t']);
    if trimmed.ends_with('\\') { line.trim_end_matches('\r') } else { trimmed }
}

/// A block scalar, its lines at `margin`, two columns further in than what holds it.
pub(super) fn block(written: &str, margin: usize) -> String {
    let Some((header, body)) = written.split_once('\n') else { return written.trim_end().to_owned() };
    let header = header.trim_end();
    let stated = header.split(" #").next().unwrap_or_default().bytes().find(u8::is_ascii_digit);
    let leading = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let first = body.split('\n').find(|line| !line.trim_matches([' ', '\r']).is_empty());
    // A stated indentation counts from what holds the scalar, which the lines alone do not tell: their least is taken, and the caller
    // finds out whether the text is still the same.
    let least = body.split('\n').filter(|line| !line.trim_matches([' ', '\r']).is_empty()).map(leading).min();
    let indent = if stated.is_some() { least } else { first.map(leading) }.unwrap_or(0);
    let mut out = match stated {
        Some(digit) => header.replacen(char::from(digit), "2", 1),
        None => header.to_owned(),
    };
    for line in body.split('\n') {
        let line = line.trim_end_matches('\r');
        let rest = line.get(indent.min(leading(line))..).unwrap_or_default();
        out.push('\n');
        if !rest.is_empty() {
            out.extend(std::iter::repeat_n(' ', margin));
            out.push_str(rest);
        }
    }
    out
}
