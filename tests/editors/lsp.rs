//! The least of an editor: a language server over its standard streams.

use std::io::{BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use serde_json::{Value, json};

/// How long a server may take to answer on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server.
pub(crate) struct Server {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
}

impl Server {
    /// Starts a server and initialises it; `settings` is what it is told when it asks for its configuration.
    pub(crate) fn start(command: &mut Command, settings: &Value) -> Result<Self, Failed> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let input = child.stdin.take().ok_or("it is piped")?;
        let mut output = BufReader::new(child.stdout.take().ok_or("it is piped")?);
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut server = Self { child, input, messages };
        let capabilities =
            json!({ "workspace": { "configuration": true }, "textDocument": { "publishDiagnostics": {} } });
        let parameters = json!({ "processId": null, "rootUri": null, "capabilities": capabilities });
        server.send(&json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": parameters }))?;
        server.wait(settings, |message| (message["id"] == 1).then_some(()))?;
        server.notify("initialized", &json!({}))?;
        server.notify("workspace/didChangeConfiguration", &json!({ "settings": settings }))?;
        Ok(server)
    }

    /// Opens a text and waits for what is found in it.
    pub(crate) fn diagnostics(
        &mut self,
        uri: &str,
        language: &str,
        text: &str,
        settings: &Value,
    ) -> Result<Vec<Value>, Failed> {
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.notify("textDocument/didOpen", &json!({ "textDocument": document }))?;
        self.wait(settings, |message| {
            let parameters = &message["params"];
            let is_about = message["method"] == "textDocument/publishDiagnostics" && parameters["uri"] == uri;
            is_about.then(|| parameters["diagnostics"].as_array().cloned().unwrap_or_default())
        })
    }

    fn notify(&mut self, method: &str, parameters: &Value) -> Result<(), Failed> {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": parameters }))
    }

    fn send(&mut self, message: &Value) -> Result<(), Failed> {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        Ok(self.input.flush()?)
    }

    /// Reads messages until one is the one that is waited for; answers what the server asks meanwhile.
    fn wait<T>(&mut self, settings: &Value, wanted: impl Fn(&Value) -> Option<T>) -> Result<T, Failed> {
        let until = Instant::now() + PATIENCE;
        loop {
            let message = match self.messages.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => return Err("the server does not answer".into()),
                Err(RecvTimeoutError::Disconnected) => return Err("the server has ended".into()),
            };
            if let Some(found) = wanted(&message) {
                return Ok(found);
            }
            if message["method"].is_string() && !message["id"].is_null() {
                let asked = message["params"]["items"].as_array();
                let answer = match asked {
                    Some(items) => items
                        .iter()
                        .map(|item| settings[item["section"].as_str().unwrap_or_default()].clone())
                        .collect(),
                    None => Value::Null,
                };
                self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": answer }))?;
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(output: &mut impl std::io::BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim() {
            "" => break,
            header => {
                if let Some(written) = header.strip_prefix("Content-Length:") {
                    length = written.trim().parse().ok()?;
                }
            }
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
