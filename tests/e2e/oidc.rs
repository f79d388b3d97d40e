//! Tokens of an OpenID Connect provider: which are accepted, and every way to forge one.

use crate::oidc_provider::{AUDIENCE, Provider, Signer, assert_refused, sign_in};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[name] = value;
    claims
}

/// The claims of a person whom the office adds.
fn of_ada(provider: &Provider, office: &memoranda_tests::Office) -> Value {
    let mut claims = provider.claims(office, "ada's id");
    claims["preferred_username"] = "ada".into();
    claims["email"] = "ada@example.org".into();
    claims
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_the_three_ways_of_signing_is_accepted() {
    let signers = [Signer::rsa(), Signer::ec(), Signer::ed25519()];
    let provider = Provider::start(&signers).await;
    let office = provider.office().await;
    let claims = of_ada(&provider, &office);
    for signer in &signers {
        assert_eq!(
            sign_in(&office, &signer.sign(&claims)).await,
            (200, "ada".to_owned()),
            "{}",
            signer.kid
        );
    }
    let several = with(&claims, "aud", json!(["another", AUDIENCE]));
    assert_eq!(sign_in(&office, &signers[0].sign(&several)).await.0, 200);
    let access_token = Header { typ: Some("at+jwt".to_owned()), ..signers[0].header() };
    assert_eq!(sign_in(&office, &signers[0].sign_with(&access_token, &claims)).await.0, 200);
    assert_eq!(provider.fetches(), 1);
    let of_the_server = office.author().data("{ viewer { username } }", json!({})).await;
    assert_eq!(
        of_the_server["viewer"]["username"], "author",
        "tokens of the secret are also valid"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clocks_may_differ_a_little() {
    let signer = Signer::ed25519();
    let provider = Provider::start(std::slice::from_ref(&signer)).await;
    let office = provider.office().await;
    let (claims, now) = (of_ada(&provider, &office), office.services.now().timestamp());
    for (name, good, bad, expected) in [
        ("exp", now - 29, now - 30, "has expired"),
        ("exp", now + 1, now - 1_000_000, "has expired"),
        ("nbf", now + 30, now + 31, "not valid yet"),
    ] {
        assert_eq!(sign_in(&office, &signer.sign(&with(&claims, name, json!(good)))).await.0, 200);
        assert_refused(&office, &signer.sign(&with(&claims, name, json!(bad))), expected).await;
    }
    for endless in [json!(1e300), json!(i64::MAX), json!(8_210_266_876_799_i64)] {
        let (status, answer) = sign_in(&office, &signer.sign(&with(&claims, "exp", endless))).await;
        assert!(status == 200 || answer.contains("lacks"), "{answer}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_for_or_from_somebody_else_is_refused() {
    let signer = Signer::ec();
    let provider = Provider::start(std::slice::from_ref(&signer)).await;
    let office = provider.office().await;
    let claims = of_ada(&provider, &office);
    for (name, value, expected) in [
        ("aud", json!("another"), "not issued by and for this server"),
        ("aud", json!(["another"]), "not issued by and for this server"),
        ("aud", json!(null), "lacks"),
        ("iss", json!("https://login.example.org"), "not signed with HS256"),
        ("iss", json!(format!("{}/", provider.issuer)), "not signed with HS256"),
        ("exp", json!(null), "lacks"),
        ("exp", json!("tomorrow"), "lacks"),
        ("nbf", json!("yesterday"), "lacks"),
        ("sub", json!(null), "lacks"),
        ("sub", json!(""), "lacks"),
        ("sub", json!("x".repeat(256)), "lacks"),
    ] {
        assert_refused(&office, &signer.sign(&with(&claims, name, value)), expected).await;
    }
    assert_eq!(sign_in(&office, &signer.sign(&claims)).await.0, 200);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_is_accepted_that_the_providers_key_has_not_signed_in_its_own_way() {
    let (rsa, ec, stranger) = (Signer::rsa(), Signer::ec(), Signer::next_rsa());
    let provider = Provider::start(&[rsa.clone(), ec.clone()]).await;
    let office = provider.office().await;
    let claims = of_ada(&provider, &office);
    let good = rsa.sign(&claims);
    assert_eq!(sign_in(&office, &good).await.0, 200);
    let (head_and_claims, signature) = good.rsplit_once('.').unwrap();
    let payload = head_and_claims.split_once('.').unwrap().1;
    let with_head = |head: Value, signature: &str| {
        format!("{}.{payload}.{signature}", URL_SAFE_NO_PAD.encode(head.to_string()))
    };

    for unsigned in ["none", "None", "NONE", ""] {
        for signature in ["", signature] {
            let token = with_head(json!({ "alg": unsigned, "kid": "rsa" }), signature);
            assert_refused(&office, &token, "not signed with RS256, ES256 or EdDSA").await;
        }
    }
    // The public key, in every form that a careless server could accept as the secret of HS256.
    let jwk = rsa.jwk();
    let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        STANDARD.encode(&modulus)
    );
    for secret in [
        modulus.clone(),
        pem.into_bytes(),
        jwk["n"].as_str().unwrap().into(),
        jwk.to_string().into_bytes(),
    ] {
        for algorithm in [Algorithm::HS256, Algorithm::HS512] {
            let head = Header { kid: Some("rsa".to_owned()), ..Header::new(algorithm) };
            let token =
                jsonwebtoken::encode(&head, &claims, &EncodingKey::from_secret(&secret)).unwrap();
            assert_refused(&office, &token, "not signed with RS256, ES256 or EdDSA").await;
        }
    }
    // The server's own secret is not the provider's.
    let secret = EncodingKey::from_secret(memoranda_tests::SECRET.as_bytes());
    let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &secret).unwrap();
    assert_refused(&office, &token, "not signed with RS256, ES256 or EdDSA").await;
    // Another key under a known id, and a signature with another algorithm.
    assert_refused(
        &office,
        &stranger.sign_with(&rsa.header(), &claims),
        "signature is not its issuer's",
    )
    .await;
    for (kid, algorithm) in
        [("ec", "RS256"), ("rsa", "ES256"), ("rsa", "RS512"), ("rsa", "PS256"), ("rsa", "RS1")]
    {
        let token = with_head(json!({ "alg": algorithm, "kid": kid }), signature);
        assert_refused(&office, &token, "not signed with RS256, ES256 or EdDSA").await;
    }
    let tampered = with_head(json!({ "alg": "RS256", "kid": "rsa", "x": 1 }), signature);
    assert_refused(&office, &tampered, "signature is not its issuer's").await;
    // A token that contains its own key, or names an address for it.
    for extra in ["jku", "x5u"] {
        let head = json!({ "alg": "RS256", "kid": "mine", extra: format!("{}/mine",
            provider.issuer), "jwk": stranger.jwk() });
        assert_refused(&office, &with_head(head, signature), "does not publish").await;
    }
    assert_eq!(provider.asked("/mine"), 0);
    for kid in
        ["../../../../etc/passwd", "/dev/null", "' OR 1=1 --", "rsa\0", "", "http://127.0.0.1/key"]
    {
        assert_refused(
            &office,
            &with_head(json!({ "alg": "RS256", "kid": kid }), signature),
            "does not publish",
        )
        .await;
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_token_for_signing_in_is_refused() {
    let signer = Signer::rsa();
    let provider = Provider::start(std::slice::from_ref(&signer)).await;
    let office = provider.office().await;
    let claims = of_ada(&provider, &office);
    let good = signer.sign(&claims);
    for kind in ["logout+jwt", "dpop+jwt", "secevent+jwt", "JWE"] {
        let head = Header { typ: Some(kind.to_owned()), ..signer.header() };
        assert_refused(&office, &signer.sign_with(&head, &claims), "not for signing in").await;
    }
    let (_, rest) = good.split_once('.').unwrap();
    let head = |head: &str| format!("{}.{rest}", URL_SAFE_NO_PAD.encode(head));
    assert_refused(
        &office,
        &head(r#"{"alg":"RS256","kid":"rsa","crit":["b64"],"b64":false}"#),
        "not for signing in",
    )
    .await;
    for garbled in [
        head("{}"),
        head("[]"),
        head(r#"{"alg":"RS256","alg":"RS256"}"#),
        head(r#"{"alg":"RS256","kid":7}"#),
        format!("{good}.more"),
        format!("!{good}"),
    ] {
        assert_refused(&office, &garbled, "malformed").await;
    }
    let long = signer.sign(&with(&claims, "groups", json!("x".repeat(40_000))));
    assert_refused(&office, &long, "at most 16384 bytes").await;
    assert_eq!(provider.fetches(), 0, "nothing of it is worth asking the provider");
    office.close().await;
}
