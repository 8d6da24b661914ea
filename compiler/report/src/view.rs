//! What of a source one diagnostic shows: the lines of its labels, cropped to the terminal's width. The renderer has no notion of
//! width, and takes every line and every character as it comes, so it is given a text that was cut to size and made printable.

use std::collections::BTreeSet;
use std::ops::Range;

use codespan_reporting::files::{Error, Files};
use masque_diagnostics::{Source, SourceId, Sources, Span};

/// Lines kept after the first line and before the last line of a label that spans many.
const FIRST_LINES: usize = 3;
const LAST_LINES: usize = 1;

/// A view of each source that a diagnostic points into.
pub(crate) struct Views<'s>(Vec<View<'s>>);

struct View<'s> {
    id: SourceId,
    source: &'s Source,
    text: String,
    lines: Vec<Line>,
}

/// A line of a view.
struct Line {
    /// The line of the source, from 0.
    index: usize,
    /// Its bytes in the view's text, line break included.
    range: Range<usize>,
    /// The bytes of the source that are shown.
    shown: Range<usize>,
    /// Where each shown character begins, in the source and in the view, in order; the end of what is shown comes last.
    places: Vec<(usize, usize)>,
}

impl<'s> Views<'s> {
    pub(crate) fn new(sources: &'s Sources, spans: &[Span], width: usize) -> Self {
        let ids: BTreeSet<SourceId> = spans.iter().map(|span| span.source).collect();
        Self(ids.into_iter().map(|id| View::new(id, sources.get(id), spans, width)).collect())
    }

    /// Where a span lies in its view.
    pub(crate) fn place(&self, span: Span) -> Range<usize> {
        let view = self.view(span.source).expect("a view of every span's source was made");
        let start = view.place(span.start as usize);
        start..view.place(span.end as usize).max(start)
    }

    fn view(&self, id: SourceId) -> Result<&View<'s>, Error> {
        self.0.iter().find(|view| view.id == id).ok_or(Error::FileMissing)
    }
}

impl<'s> View<'s> {
    fn new(id: SourceId, source: &'s Source, spans: &[Span], width: usize) -> Self {
        let spans: Vec<Range<usize>> =
            spans.iter().filter(|span| span.source == id).map(|span| clamped(source, *span)).collect();
        let mut shown: BTreeSet<usize> = BTreeSet::new();
        for span in &spans {
            let (first, last) = (source.line_index(span.start), source.line_index(span.end));
            if last - first <= FIRST_LINES + LAST_LINES + 2 {
                shown.extend(first..=last);
            } else {
                // The two lines between stand for all that are left out: the renderer then draws a break.
                shown.extend(first..=first + FIRST_LINES + 1);
                shown.extend(last - LAST_LINES - 1..=last);
            }
        }
        let digits = shown.last().map_or(1, |last| (last + 1).to_string().len());
        // Number, border, spaces, and the bars of labels over several lines.
        let several =
            spans.iter().filter(|span| source.line_index(span.start) != source.line_index(span.end)).count();
        let room = width.saturating_sub(digits + 4 + 2 * several).max(20);
        let mut view = Self { id, source, text: String::new(), lines: Vec::new() };
        for index in shown {
            view.line(index, &spans, room);
        }
        view
    }

    fn line(&mut self, index: usize, spans: &[Range<usize>], room: usize) {
        let text = self.source.text();
        let whole = self.source.line_range(index).unwrap_or(text.len()..text.len());
        let end = whole.start + text[whole.clone()].trim_end_matches(['\n', '\r']).len();
        let line = whole.start..end;
        let places_of = |span: &Range<usize>| [span.start, span.end];
        let on_line: Vec<usize> =
            spans.iter().flat_map(places_of).filter(|at| (line.start..=whole.end).contains(at)).collect();
        let shown = window(text, line.clone(), &on_line, room);
        let start = self.text.len();
        let mut places = Vec::new();
        if shown.start > line.start {
            self.text.push('…');
        }
        for (at, c) in text[shown.clone()].char_indices() {
            places.push((shown.start + at, self.text.len()));
            push_printable(c, &mut self.text);
        }
        places.push((shown.end, self.text.len()));
        if shown.end < line.end {
            self.text.push('…');
        }
        self.text.push('\n');
        self.lines.push(Line { index, range: start..self.text.len(), shown, places });
    }

    /// Where an offset of the source lies in the view; what was cropped away lies at the mark that stands for it.
    fn place(&self, offset: usize) -> usize {
        let index = self.source.line_index(offset);
        let Some(line) = self.lines.iter().find(|line| line.index == index) else { return self.text.len() };
        if offset < line.shown.start {
            return line.range.start;
        }
        if offset > line.shown.end {
            return line.range.end - 1;
        }
        let at = line.places.partition_point(|&(source, _)| source <= offset);
        at.checked_sub(1).map_or(line.range.start, |at| line.places[at].1)
    }
}

/// The span within the text and on its characters.
fn clamped(source: &Source, span: Span) -> Range<usize> {
    let on_character = |offset: u32| source.text().floor_char_boundary(offset as usize);
    let end = on_character(span.end);
    on_character(span.start).min(end)..end
}

/// The part of a line to show: all of it where it fits, else `room` columns that hold the places, the most important of which come
/// first.
fn window(text: &str, line: Range<usize>, places: &[usize], room: usize) -> Range<usize> {
    // Past this, no terminal line holds it: no need to measure.
    let fits = line.len() <= room * 4 && text[line.clone()].chars().map(columns).sum::<usize>() <= room;
    if fits {
        return line;
    }
    // The marks at both ends take a column each.
    let room = room - 2;
    let extent = |places: &[usize]| {
        let first = places.iter().min().map_or(line.start, |&place| place.min(line.end));
        let last = places.iter().max().map_or(first, |&place| place.min(line.end));
        // Past what fits, more needs no measuring.
        (first, text[first..last].chars().take(room + 1).map(columns).sum::<usize>())
    };
    let (mut first, mut wanted) = extent(places);
    if wanted > room {
        // Not all places fit: those of the first label on the line do.
        (first, wanted) = extent(&places[..places.len().min(2)]);
        wanted = wanted.min(room);
    }
    // What is left is shared: a third before the places, the rest after; what one side does not need goes to the other.
    let spare = room.saturating_sub(wanted);
    let before = back(text, line.start, first, spare / 3);
    let used: usize = text[before..first].chars().map(columns).sum();
    let end = forward(text, before, line.end, used + wanted + (spare - used.min(spare)));
    if end < line.end {
        return before..end;
    }
    let shown: usize = text[before..end].chars().map(columns).sum();
    back(text, line.start, before, room.saturating_sub(shown))..end
}

/// The offset `room` columns before `from`, or `start`.
fn back(text: &str, start: usize, from: usize, room: usize) -> usize {
    let mut left = room;
    let mut at = from;
    for (offset, c) in text[start..from].char_indices().rev() {
        match left.checked_sub(columns(c)) {
            Some(rest) => left = rest,
            None => break,
        }
        at = start + offset;
    }
    at
}

/// The offset `room` columns after `from`, or `end`.
fn forward(text: &str, from: usize, end: usize, room: usize) -> usize {
    let mut left = room;
    for (offset, c) in text[from..end].char_indices() {
        match left.checked_sub(columns(c)) {
            Some(rest) => left = rest,
            None => return from + offset,
        }
    }
    end
}

/// Columns that a character takes, at most: from the first wide script on, two.
fn columns(c: char) -> usize {
    match c {
        '\t' => 4,
        '\u{0}'..'\u{1100}' => 1,
        _ => 2,
    }
}

/// The text with nothing in it that a terminal acts on.
pub(crate) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push_printable(c, &mut out);
    }
    out
}

/// Control characters become their pictures, and what turns the direction of writing a replacement character, so that a source
/// can neither drive the terminal nor show other text than it holds.
fn push_printable(c: char, out: &mut String) {
    out.push(match c {
        '\t' => '\t',
        '\u{0}'..'\u{20}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..'\u{a0}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => '\u{fffd}',
        c => c,
    });
}

impl<'a> Files<'a> for Views<'_> {
    type FileId = SourceId;
    type Name = String;
    type Source = &'a str;

    fn name(&'a self, id: SourceId) -> Result<String, Error> {
        Ok(printable(self.view(id)?.source.name()))
    }

    fn source(&'a self, id: SourceId) -> Result<&'a str, Error> {
        Ok(&self.view(id)?.text)
    }

    fn line_index(&'a self, id: SourceId, byte: usize) -> Result<usize, Error> {
        let lines = &self.view(id)?.lines;
        Ok(lines.partition_point(|line| line.range.start <= byte).saturating_sub(1))
    }

    fn line_number(&'a self, id: SourceId, line: usize) -> Result<usize, Error> {
        let view = self.view(id)?;
        let line = view.lines.get(line).ok_or(Error::LineTooLarge { given: line, max: view.lines.len() })?;
        Ok(line.index + 1)
    }

    fn column_number(&'a self, id: SourceId, line: usize, byte: usize) -> Result<usize, Error> {
        let view = self.view(id)?;
        let line = view.lines.get(line).ok_or(Error::LineTooLarge { given: line, max: view.lines.len() })?;
        let at = line.places.partition_point(|&(_, place)| place <= byte).saturating_sub(1);
        let offset = line.places.get(at).map_or(line.shown.start, |&(source, _)| source);
        Ok(view.source.line_column(offset).column as usize)
    }

    fn line_range(&'a self, id: SourceId, line: usize) -> Result<Range<usize>, Error> {
        let view = self.view(id)?;
        let line = view.lines.get(line).ok_or(Error::LineTooLarge { given: line, max: view.lines.len() })?;
        Ok(line.range.clone())
    }
}
