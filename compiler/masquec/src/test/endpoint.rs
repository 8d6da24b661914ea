//! A model behind an HTTP endpoint: one question, one answer, in OpenAI's or in Anthropic's form.
//!
//! The key comes from the environment, goes into one header, and is shown nowhere.

use std::sync::Arc;
use std::time::Duration;

use miette::Diagnostic;
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::{Response, Uri};
use ureq::tls::{RootCerts, TlsConfig};

use super::answers::{Api, Heard};

/// How often a question is asked again when the endpoint is busy or out of order.
const RETRIES: u32 = 3;
/// The wait before the first retry where the endpoint does not say how long; it doubles each time.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait that an endpoint may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// The largest response that is read, in bytes.
const RESPONSE_LIMIT: u64 = 8 << 20;
/// The longest answer that is asked for, in tokens; Anthropic's form has to name one.
const MAX_TOKENS: u32 = 4096;

/// A model that can be asked.
pub(crate) struct Endpoint {
    agent: Agent,
    url: String,
    api: Api,
    model: String,
    key: Option<String>,
}

/// Why an endpoint can't be asked.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum EndpointError {
    #[error("`{url}` is no address of an endpoint")]
    #[diagnostic(help("it begins with http:// or https:// and a host, such as http://127.0.0.1:11434"))]
    Url { url: String },
    #[error("the environment variable `{variable}` holds no key")]
    #[diagnostic(help("set it, or leave out `--api-key-env` where the endpoint needs no key"))]
    NoKey { variable: String },
    #[error("the key in `{variable}` holds characters that no header may have")]
    #[diagnostic(help("a key is one line of visible ASCII characters"))]
    BadKey { variable: String },
    #[error("the key would go to `{url}` unencrypted")]
    #[diagnostic(help("use https://; plain http:// takes a key on this machine only"))]
    PlainKey { url: String },
}

/// What came of one request.
enum Reply {
    Body(String),
    /// Worth another try, after this time where the endpoint says so.
    Busy {
        status: u16,
        after: Option<Duration>,
    },
    Failed(String),
}

impl Endpoint {
    pub(crate) fn new(
        url: &str,
        api: Api,
        model: &str,
        key_variable: Option<&str>,
        timeout: Duration,
    ) -> Result<Self, EndpointError> {
        let refused = || EndpointError::Url { url: url.to_owned() };
        let uri: Uri = url.parse().map_err(|_| refused())?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(refused)?;
        let plain = match uri.scheme_str() {
            Some("http") => true,
            Some("https") => false,
            _ => return Err(refused()),
        };
        if uri.query().is_some() || uri.authority().is_some_and(|authority| authority.as_str().contains('@'))
        {
            return Err(refused());
        }
        let key = key_variable.map(read_key).transpose()?;
        let here = is_loopback(host);
        if plain && key.is_some() && !here {
            return Err(EndpointError::PlainKey { url: url.to_owned() });
        }
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let mut config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .timeout_global(Some(timeout))
            // A redirect would carry the persona, and maybe the key, to somebody whom nobody named.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("masquec/", env!("CARGO_PKG_VERSION")));
        if here {
            config = config.proxy(None);
        }
        let agent = config.build().new_agent();
        Ok(Self { agent, url: address(url, api), api, model: model.to_owned(), key })
    }

    /// Asks the model.
    pub(crate) fn ask(&self, system: &str, input: &str) -> Heard {
        let body = self.request(system, input).to_string();
        let mut wait = FIRST_WAIT;
        let mut retries = 0;
        loop {
            match self.post(&body) {
                Reply::Body(text) => return self.answer(&text),
                Reply::Failed(reason) => return Heard::Failed(self.without_key(reason)),
                Reply::Busy { status, .. } if retries == RETRIES => {
                    return Heard::Failed(format!(
                        "the endpoint answers {status}, also when asked {RETRIES} more times"
                    ));
                }
                Reply::Busy { after, .. } => {
                    std::thread::sleep(after.unwrap_or(wait).min(LONGEST_WAIT));
                    wait *= 2;
                    retries += 1;
                }
            }
        }
    }

    fn request(&self, system: &str, input: &str) -> Value {
        let user = json!({ "role": "user", "content": input });
        match self.api {
            Api::Openai => {
                let system = json!({ "role": "system", "content": system });
                json!({ "model": self.model, "messages": [system, user] })
            }
            Api::Anthropic => json!({
                "model": self.model,
                "max_tokens": MAX_TOKENS,
                "system": system,
                "messages": [user],
            }),
        }
    }

    fn post(&self, body: &str) -> Reply {
        let mut request = self.agent.post(&self.url).header("content-type", "application/json");
        if self.api == Api::Anthropic {
            request = request.header("anthropic-version", "2023-06-01");
        }
        if let Some(key) = &self.key {
            request = match self.api {
                Api::Openai => request.header("authorization", format!("Bearer {key}")),
                Api::Anthropic => request.header("x-api-key", key),
            };
        }
        let mut response = match request.send(body) {
            Ok(response) => response,
            Err(error) => return Reply::Failed(format!("the endpoint can't be asked: {error}")),
        };
        let status = response.status().as_u16();
        if status == 429 || status >= 500 {
            return Reply::Busy { status, after: retry_after(&response) };
        }
        let text = response.body_mut().with_config().limit(RESPONSE_LIMIT).lossy_utf8(true).read_to_string();
        match text {
            Err(error) => Reply::Failed(format!("the endpoint's answer can't be read: {error}")),
            Ok(text) if status != 200 => {
                Reply::Failed(format!("the endpoint answers {status}{}", explanation(&text)))
            }
            Ok(text) => Reply::Body(text),
        }
    }

    fn answer(&self, body: &str) -> Heard {
        let Ok(body) = serde_json::from_str::<Value>(body) else {
            return Heard::Failed("the endpoint's answer is no JSON".to_owned());
        };
        let text = match self.api {
            Api::Openai => body["choices"][0]["message"]["content"].as_str().map(str::to_owned),
            Api::Anthropic => body["content"].as_array().map(|blocks| {
                let texts = blocks.iter().filter(|block| block["type"] == "text");
                texts.filter_map(|block| block["text"].as_str()).collect()
            }),
        };
        match text {
            Some(text) => Heard::Answer(text),
            None => Heard::Failed("the endpoint's answer holds no text".to_owned()),
        }
    }

    /// An endpoint may repeat what it was sent.
    fn without_key(&self, text: String) -> String {
        match &self.key {
            Some(key) => text.replace(key.as_str(), "***"),
            None => text,
        }
    }
}

fn read_key(variable: &str) -> Result<String, EndpointError> {
    let variable = variable.to_owned();
    match std::env::var(&variable) {
        Ok(key) if key.is_empty() => Err(EndpointError::NoKey { variable }),
        Ok(key) if key.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(key),
        Ok(_) | Err(std::env::VarError::NotUnicode(_)) => Err(EndpointError::BadKey { variable }),
        Err(std::env::VarError::NotPresent) => Err(EndpointError::NoKey { variable }),
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// Where to post to. Both `https://host` and `https://host/v1` are what people call an endpoint.
fn address(base: &str, api: Api) -> String {
    let base = base.trim_end_matches('/');
    let base = base.strip_suffix("/v1").unwrap_or(base);
    match api {
        Api::Openai => format!("{base}/v1/chat/completions"),
        Api::Anthropic => format!("{base}/v1/messages"),
    }
}

fn retry_after(response: &Response<ureq::Body>) -> Option<Duration> {
    let seconds = response.headers().get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// What an endpoint says of its refusal; both forms have it in one place.
fn explanation(body: &str) -> String {
    const CHARACTERS: usize = 200;
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let message = body["error"]["message"].as_str().unwrap_or_default();
    if message.is_empty() {
        return String::new();
    }
    format!(": {}", message.chars().take(CHARACTERS).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_named_with_or_without_its_version() {
        for base in
            ["http://localhost:1/", "http://localhost:1", "http://localhost:1/v1", "http://localhost:1/v1/"]
        {
            assert_eq!(address(base, Api::Openai), "http://localhost:1/v1/chat/completions");
            assert_eq!(address(base, Api::Anthropic), "http://localhost:1/v1/messages");
        }
        assert_eq!(address("https://a/proxy/v1", Api::Openai), "https://a/proxy/v1/chat/completions");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let new = |url: &str| Endpoint::new(url, Api::Openai, "m", None, Duration::from_secs(1)).map(|_| ());
        for url in ["localhost:1", "ftp://a", "http://", "/v1", "http://a?b=c", "https://user:word@a/"] {
            assert!(matches!(new(url), Err(EndpointError::Url { .. })), "{url}");
        }
        for url in ["http://a", "https://a.example/v1", "http://[::1]:8080"] {
            assert!(new(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn loopback_is_this_machine() {
        for (host, here) in [
            ("localhost", true),
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("[::1]", true),
            ("10.0.0.1", false),
            ("127.example", false),
        ] {
            assert_eq!(is_loopback(host), here, "{host}");
        }
    }
}
