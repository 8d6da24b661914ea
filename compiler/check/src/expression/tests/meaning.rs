//! Folded conditions hold in the sessions in which the expression as written does.

use super::written;
use super::{Truth, Value, params, valued};
use masque_diagnostics::Sources;
use masque_ir as ir;
use masque_syntax::ast::{Expression, Operator};

/// A session: texts of parameters in their order, and the agent's ring.
struct Session {
    params: Vec<String>,
    ring: ir::Ring,
}

/// Values worth telling apart: those that the expressions name, and others.
const VALUES: [&[&str]; 7] = [
    &["staging", "production"],
    &["-1", "7", "12"],
    &["north", "NORTH", "x"],
    &["300s", "5400s"],
    &["outsider", "guest", "player", "admin"],
    &["1.9.0", "2.0.0"],
    &["true", "false"],
];

const ATOMS: [&str; 16] = [
    "environment == \"staging\"",
    "environment != \"production\"",
    "limit < 7",
    "limit >= 7",
    "team == \"north\"",
    "lower(team) == \"north\"",
    "team in [\"x\", \"north\"]",
    "patience <= 1h30m",
    "trust < player",
    "session.ring > trust",
    "session.ring <= guest",
    "session.ring == admin",
    "trust == session.ring",
    "api > 1.9.0",
    "careful",
    "careful == (session.ring == guest)",
];

/// Numbers in a fixed order that looks like none (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn expression(&mut self, depth: usize) -> String {
        match self.below(if depth == 0 { 1 } else { 4 }) {
            0 => ATOMS[self.below(ATOMS.len())].to_owned(),
            1 => format!("not ({})", self.expression(depth - 1)),
            2 => format!("({}) and ({})", self.expression(depth - 1), self.expression(depth - 1)),
            _ => format!("({}) or ({})", self.expression(depth - 1), self.expression(depth - 1)),
        }
    }

    fn session(&mut self) -> Session {
        let params = VALUES.iter().map(|values| values[self.below(values.len())].to_owned()).collect();
        Session { params, ring: ir::Ring::ALL[self.below(4)] }
    }
}

#[test]
fn folding_changes_no_meaning() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..400 {
        let text = random.expression(4);
        let (value, found) = valued(&text);
        assert!(found.is_empty(), "{text}: {found:?}");
        let Some(Value::Bool(truth)) = value else { panic!("{text} is no condition") };
        let tree = written::parse(Sources::new().add("expression", &text), &text);
        for _ in 0..40 {
            let session = random.session();
            let folded = match &truth {
                Truth::Known(holds) => *holds,
                Truth::Test(test) => holds(test, &session),
            };
            let naive = naive(&tree.value, &session) == "true";
            assert_eq!(folded, naive, "{text} with {:?} as {:?}", session.params, session.ring);
        }
    }
}

/// Every value as its canonical text; nothing is known before there is a session.
fn naive(tree: &Expression, session: &Session) -> String {
    match tree {
        Expression::Bool(holds) => holds.to_string(),
        Expression::Int(number) => number.to_string(),
        Expression::Text(text) => text.as_plain().expect("the atoms hold no holes").to_owned(),
        Expression::Duration(text) => format!("{}s", crate::ttl::seconds(text).expect("a duration")),
        Expression::Version(text) => text.clone(),
        Expression::Name(path) => match path.last().map(|name| name.value.as_str()) {
            Some("ring") => session.ring.name().to_owned(),
            Some(name) => {
                let at = params().iter().position(|param| param.name == name);
                at.map_or_else(|| name.to_owned(), |at| session.params[at].clone())
            }
            None => String::new(),
        },
        Expression::Call { arguments, .. } => naive(&arguments[0].value, session).to_lowercase(),
        Expression::Not(operand) => (naive(&operand.value, session) != "true").to_string(),
        Expression::Binary { left, operator, right } => {
            let one = naive(&left.value, session);
            if let Expression::List(items) = &right.value {
                return items.iter().any(|item| naive(&item.value, session) == one).to_string();
            }
            let two = naive(&right.value, session);
            let order = rank(&one).cmp(&rank(&two));
            match operator.value {
                Operator::And => one == "true" && two == "true",
                Operator::Or => one == "true" || two == "true",
                Operator::Equal => one == two,
                Operator::NotEqual => one != two,
                Operator::Less => order.is_lt(),
                Operator::LessOrEqual => order.is_le(),
                Operator::Greater => order.is_gt(),
                Operator::GreaterOrEqual => order.is_ge(),
                Operator::In | Operator::Matches => unreachable!("handled above, or in no atom"),
            }
            .to_string()
        }
        Expression::Set(_) | Expression::List(_) | Expression::Error(_) => {
            unreachable!("in no atom by itself")
        }
    }
}

fn holds(test: &ir::Test, session: &Session) -> bool {
    let text = |text: &ir::Text| {
        let value = match &text.source {
            ir::TextSource::Constant(text) => text.clone(),
            ir::TextSource::Param(id) => session.params[id.0].clone(),
            ir::TextSource::SessionRing => session.ring.name().to_owned(),
            ir::TextSource::SessionIntent | ir::TextSource::SessionAgent => String::new(),
        };
        match text.form {
            ir::TextForm::Lower => value.to_ascii_lowercase(),
            ir::TextForm::Upper => value.to_ascii_uppercase(),
            ir::TextForm::Trim => value.trim().to_owned(),
            ir::TextForm::AsIs => value,
        }
    };
    match test {
        ir::Test::Not(inner) => !holds(inner, session),
        ir::Test::All(tests) => tests.iter().all(|test| holds(test, session)),
        ir::Test::Any(tests) => tests.iter().any(|test| holds(test, session)),
        ir::Test::Ring(rings) => rings.contains(session.ring),
        ir::Test::Equal(left, right) => text(left) == text(right),
        ir::Test::Less(left, right) => rank(&text(left)) < rank(&text(right)),
        ir::Test::Matches { text: looked_at, patterns } => super::super::takes(patterns, &text(looked_at)),
    }
}

/// What puts texts in order: rings by their place, everything else by its numbers.
fn rank(text: &str) -> Vec<i64> {
    if let Some(ring) = ir::Ring::ALL.into_iter().position(|ring| ring.name() == text) {
        return vec![i64::try_from(ring).expect("there are four rings")];
    }
    text.trim_end_matches('s').split('.').map(|group| group.parse().unwrap_or(0)).collect()
}
