//! An OpenID Connect provider that a test controls, and that counts its requests. tests/oidc uses a
//! real one.

use api::auth::{OidcSettings, SignInSettings};
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use memoranda_tests::{Office, Options};
use serde_json::{Value, json};
use service::accounts::Recognition;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tokio::task::AbortHandle;

pub const AUDIENCE: &str = "crm";

/// A key of the provider, with its id there.
#[derive(Clone)]
pub struct Signer {
    pub kid: &'static str,
    algorithm: Algorithm,
    key: EncodingKey,
}

impl Signer {
    pub fn rsa() -> Self {
        let key = EncodingKey::from_rsa_der(include_bytes!("oidc_keys/rsa.der"));
        Self { kid: "rsa", algorithm: Algorithm::RS256, key }
    }

    pub fn next_rsa() -> Self {
        let key = EncodingKey::from_rsa_der(include_bytes!("oidc_keys/rsa_next.der"));
        Self { kid: "next rsa", algorithm: Algorithm::RS256, key }
    }

    pub fn ec() -> Self {
        let key = EncodingKey::from_ec_der(include_bytes!("oidc_keys/ec.der"));
        Self { kid: "ec", algorithm: Algorithm::ES256, key }
    }

    pub fn ed25519() -> Self {
        let key = EncodingKey::from_ed_der(include_bytes!("oidc_keys/ed25519.der"));
        Self { kid: "ed25519", algorithm: Algorithm::EdDSA, key }
    }

    /// The public half, as the provider publishes it.
    pub fn jwk(&self) -> Value {
        let mut jwk =
            serde_json::to_value(Jwk::from_encoding_key(&self.key, self.algorithm).unwrap())
                .unwrap();
        jwk["kid"] = self.kid.into();
        jwk["use"] = "sig".into();
        jwk
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.sign_with(
            &Header { kid: Some(self.kid.to_owned()), ..Header::new(self.algorithm) },
            claims,
        )
    }

    pub fn sign_with(&self, header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &self.key).unwrap()
    }

    pub fn header(&self) -> Header {
        Header { kid: Some(self.kid.to_owned()), ..Header::new(self.algorithm) }
    }
}

/// The answer at a path: a status, a redirect, a body.
#[derive(Clone)]
pub struct Answer {
    pub status: u16,
    pub location: &'static str,
    pub body: String,
}

#[derive(Default)]
struct Pages {
    answers: BTreeMap<&'static str, Answer>,
    asked: BTreeMap<String, usize>,
}

/// The provider.
pub struct Provider {
    pub issuer: String,
    pages: Arc<Mutex<Pages>>,
    serving: AbortHandle,
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

const CONFIGURATION: &str = "/.well-known/openid-configuration";

impl Provider {
    pub async fn start(keys: &[Signer]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let pages: Arc<Mutex<Pages>> = Arc::default();
        let router = Router::new().fallback(get(page)).with_state(pages.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() })
            .abort_handle();
        let provider = Self { issuer, pages, serving };
        provider.answer_configuration(
            &json!({ "issuer": provider.issuer, "jwks_uri": format!("{}/keys", provider.issuer) }),
        );
        provider.publish(keys);
        provider
    }

    pub fn answer_configuration(&self, configuration: &Value) {
        self.answer(CONFIGURATION, 200, "", configuration.to_string());
    }

    /// Publishes only these keys.
    pub fn publish(&self, keys: &[Signer]) {
        let keys: Vec<Value> = keys.iter().map(Signer::jwk).collect();
        self.publish_raw(&json!({ "keys": keys }));
    }

    pub fn publish_raw(&self, keys: &Value) {
        self.answer("/keys", 200, "", keys.to_string());
    }

    /// Stops working.
    pub fn break_down(&self) {
        self.answer(CONFIGURATION, 503, "", "broken".to_owned());
    }

    pub fn recover(&self) {
        self.answer_configuration(
            &json!({ "issuer": self.issuer, "jwks_uri": format!("{}/keys", self.issuer) }),
        );
    }

    pub fn answer(&self, path: &'static str, status: u16, location: &'static str, body: String) {
        self.pages.lock().unwrap().answers.insert(path, Answer { status, location, body });
    }

    /// How often the path was requested.
    pub fn asked(&self, path: &str) -> usize {
        self.pages.lock().unwrap().asked.get(path).copied().unwrap_or_default()
    }

    /// How often the keys were requested.
    pub fn fetches(&self) -> usize {
        self.asked(CONFIGURATION)
    }

    /// The claims of a token that is valid for an hour.
    pub fn claims(&self, office: &Office, subject: &str) -> Value {
        let now = office.services.now().timestamp();
        json!({ "iss": self.issuer, "aud": AUDIENCE, "sub": subject, "iat": now,
            "exp": now + 3600 })
    }

    /// An office whose people sign in with this provider. It adds unknown people.
    pub async fn office(&self) -> Office {
        self.office_with(|settings| settings.recognition.provision = true).await
    }

    pub async fn office_with(&self, adapt: impl FnOnce(&mut OidcSettings)) -> Office {
        let mut settings = OidcSettings {
            issuer: self.issuer.clone(),
            audiences: vec![AUDIENCE.to_owned()],
            recognition: Recognition::default(),
            roles: None,
        };
        adapt(&mut settings);
        let sign_in = SignInSettings { oidc: Some(settings), ..SignInSettings::default() };
        Office::open_with(Options { sign_in, ..Options::default() }).await
    }
}

async fn page(State(pages): State<Arc<Mutex<Pages>>>, request: axum::extract::Request) -> Response {
    let mut pages = pages.lock().unwrap();
    let path = request.uri().path().to_owned();
    let answer = pages.answers.get(path.as_str()).cloned();
    *pages.asked.entry(path).or_default() += 1;
    match answer {
        Some(Answer { status, location, body }) => {
            (StatusCode::from_u16(status).unwrap(), [(header::LOCATION, location)], body)
                .into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The server's answer to that token: the status, and the username or the message.
pub async fn sign_in(office: &Office, token: &str) -> (u16, String) {
    let request = reqwest::Client::new()
        .post(format!("{}/graphql", office.address))
        .bearer_auth(token)
        .json(&json!({ "query": "{ viewer { username role } }" }));
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    let text = if status == 200 {
        &body["data"]["viewer"]["username"]
    } else {
        &body["errors"][0]["message"]
    };
    (status, text.as_str().unwrap_or_else(|| panic!("{body:#}")).to_owned())
}

/// Asserts that the server refuses the token with a message that contains this text.
pub async fn assert_refused(office: &Office, token: &str, expected: &str) {
    let (status, message) = sign_in(office, token).await;
    assert_eq!(status, 401, "{message}");
    assert!(message.contains(expected), "{message:?} instead of {expected:?}");
}
