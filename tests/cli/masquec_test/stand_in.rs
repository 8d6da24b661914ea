//! An endpoint on this machine that says what it is told to, and keeps what it was asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// A server that lives as long as its test.
pub(crate) struct StandIn {
    /// Its address.
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

/// A request as it arrived; names of headers in lower case.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) headers: Vec<String>,
    pub(crate) body: String,
}

impl StandIn {
    /// Answers one request after the other with these statuses and bodies, then no more.
    pub(crate) fn start(replies: Vec<(u16, &'static str)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        std::thread::spawn(move || {
            for (status, body) in replies {
                let Ok((stream, _)) = listener.accept() else { return };
                let request = read(&stream);
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(request);
                answer(&stream, status, body);
            }
        });
        Self { url, requests }
    }

    /// All that arrived so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn read(stream: &TcpStream) -> Request {
    let mut reader = BufReader::new(stream);
    let mut next = || {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line arrives");
        line.trim_end().to_owned()
    };
    let line = next();
    let headers: Vec<String> = std::iter::from_fn(|| Some(next()).filter(|line| !line.is_empty()))
        .map(|header| match header.split_once(':') {
            Some((name, value)) => format!("{}: {}", name.to_lowercase(), value.trim()),
            None => header,
        })
        .collect();
    let length = headers.iter().find_map(|header| header.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).expect("the body arrives");
    Request { line, headers, body: String::from_utf8(body).expect("a body of text") }
}

/// Asks busy clients to come again at once, so that no test waits.
fn answer(mut stream: &TcpStream, status: u16, body: &str) {
    let head = format!(
        "HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\nretry-after: 0\r\nlocation: /elsewhere\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    // A client that has gone needs no answer.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}
