use masque_diagnostics::Span;
pub fn place_in_scalar(_text: &str, span: Span, _range: std::ops::Range<usize>) -> Span { span }
