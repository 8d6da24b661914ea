//! The least of an editor: frames over the standard streams of the real server.

use std::io::{BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// How long an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server that was initialised.
pub(crate) struct Client {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    next: i64,
    pub(crate) capabilities: Value,
    /// The findings that were published last, by URI.
    published: Vec<(String, Value)>,
}

impl Client {
    pub(crate) fn start(root: &std::path::Path, encodings: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_masquec"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let input = child.stdin.take().expect("it is piped");
        let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut client =
            Self { child, input, messages, next: 0, capabilities: Value::Null, published: Vec::new() };
        let root = format!("file://{}", root.display());
        let capabilities = json!({ "general": { "positionEncodings": encodings } });
        let answer = client.request(
            "initialize",
            &json!({ "processId": null, "rootUri": root, "capabilities": capabilities }),
        );
        client.capabilities = answer["capabilities"].clone();
        client.notify("initialized", &json!({}));
        client
    }

    pub(crate) fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Asks, and returns the result.
    pub(crate) fn request(&mut self, method: &str, params: &Value) -> Value {
        let answer = self.ask(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Asks, and returns the whole answer.
    pub(crate) fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        self.answer(id)
    }

    /// The answer to a request that was sent.
    pub(crate) fn answer(&mut self, id: i64) -> Value {
        loop {
            let message = self.receive();
            if message["id"] == id && message.get("method").is_none() {
                return message;
            }
        }
    }

    /// Opens a text.
    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "masque", "version": 1, "text": text });
        self.notify("textDocument/didOpen", &json!({ "textDocument": document }));
    }

    /// Waits for the next findings about a text, as `code line:column`.
    pub(crate) fn published(&mut self, uri: &str) -> Vec<String> {
        loop {
            if let Some(at) = self.published.iter().position(|(about, _)| about == uri) {
                let (_, found) = self.published.remove(at);
                return shown(&found["diagnostics"]);
            }
            self.receive();
        }
    }

    pub(crate) fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("the server reads");
        self.input.flush().expect("the server reads");
    }

    fn receive(&mut self) -> Value {
        let message = self.messages.recv_timeout(PATIENCE).expect("the server says something");
        if message["method"] == "textDocument/publishDiagnostics" {
            let uri = message["params"]["uri"].as_str().expect("a URI").to_owned();
            self.published.retain(|(about, _)| *about != uri);
            self.published.push((uri, message["params"].clone()));
        }
        message
    }

    /// Ends the conversation, and demands that the server ends well.
    pub(crate) fn end(mut self) {
        self.request("shutdown", &Value::Null);
        self.notify("exit", &Value::Null);
        assert!(self.child.wait().expect("the server ends").success());
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Findings as `code line:column`.
pub(crate) fn shown(found: &Value) -> Vec<String> {
    let place = |found: &Value| {
        let start = &found["range"]["start"];
        format!("{} {}:{}", found["code"].as_str().unwrap_or("?"), start["line"], start["character"])
    };
    found.as_array().expect("a list").iter().map(place).collect()
}

fn read(output: &mut impl std::io::BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().strip_prefix("Content-Length: ") {
            Some(count) => length = count.parse().ok()?,
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
