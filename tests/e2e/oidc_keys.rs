//! The keys of an OpenID Connect provider: they are fetched when needed, and not more often.

use crate::oidc_provider::{Provider, Signer, assert_refused, sign_in};
use chrono::TimeDelta;
use futures_util::future::join_all;
use jsonwebtoken::Header;
use memoranda_tests::Office;
use serde_json::{Value, json};

fn claims(provider: &Provider, office: &Office) -> Value {
    let mut claims = provider.claims(office, "ada's id");
    claims["email"] = "ada@example.org".into();
    claims["exp"] = (office.services.now() + TimeDelta::days(1)).timestamp().into();
    claims
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_change_without_a_restart() {
    let (old, new) = (Signer::rsa(), Signer::next_rsa());
    let provider = Provider::start(std::slice::from_ref(&old)).await;
    let office = provider.office().await;
    let claims = claims(&provider, &office);
    assert_eq!(sign_in(&office, &old.sign(&claims)).await.0, 200);
    provider.publish(&[new.clone(), old.clone()]);
    assert_eq!(
        sign_in(&office, &new.sign(&claims)).await.0,
        200,
        "an unknown key is looked for at once"
    );
    assert_eq!(sign_in(&office, &old.sign(&claims)).await.0, 200, "the old one is still published");
    assert_eq!(provider.fetches(), 2);
    provider.publish(std::slice::from_ref(&new));
    assert_eq!(sign_in(&office, &old.sign(&claims)).await.0, 200, "nobody has asked since");
    office.clock.advance(TimeDelta::minutes(5) + TimeDelta::seconds(1));
    assert_refused(&office, &old.sign(&claims), "does not publish").await;
    assert_eq!(sign_in(&office, &new.sign(&claims)).await.0, 200);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn made_up_names_of_keys_make_few_fetches() {
    let signer = Signer::ec();
    let provider = Provider::start(std::slice::from_ref(&signer)).await;
    let office = provider.office().await;
    let claims = claims(&provider, &office);
    let made_up = |n: usize| {
        signer.sign_with(&Header { kid: Some(format!("key {n}")), ..signer.header() }, &claims)
    };
    for n in 0..20 {
        assert_refused(&office, &made_up(n), "does not publish").await;
    }
    let tokens: Vec<String> = (0..80).map(made_up).collect();
    for answer in join_all(tokens.iter().map(|token| sign_in(&office, token))).await {
        assert_eq!(answer.0, 401, "{}", answer.1);
    }
    assert_eq!(provider.fetches(), 3);
    assert_eq!(sign_in(&office, &signer.sign(&claims)).await.0, 200, "good tokens do not suffer");
    office.clock.advance(TimeDelta::seconds(90));
    for n in 0..20 {
        assert_refused(&office, &made_up(n), "does not publish").await;
    }
    assert_eq!(provider.fetches(), 6);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_come_at_once_make_one_fetch() {
    let signer = Signer::ed25519();
    let provider = Provider::start(std::slice::from_ref(&signer)).await;
    let office = provider.office().await;
    let token = signer.sign(&claims(&provider, &office));
    for answer in join_all((0..30).map(|_| sign_in(&office, &token))).await {
        assert_eq!(answer, (200, "ada".to_owned()), "all of them are one person");
    }
    assert_eq!(provider.fetches(), 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_down_is_asked_again_and_its_keys_last_an_hour() {
    let signer = Signer::rsa();
    let provider = Provider::start(std::slice::from_ref(&signer)).await;
    provider.break_down();
    let office = provider.office().await;
    let token = signer.sign(&claims(&provider, &office));
    for _ in 0..3 {
        let (status, message) = sign_in(&office, &token).await;
        assert_eq!(status, 503, "{message}");
        assert!(message.contains("Try again in a minute"), "{message}");
    }
    assert_eq!(provider.fetches(), 1, "it is not asked for every request");
    office.author().data("{ viewer { id } }", json!({})).await;
    provider.recover();
    office.clock.advance(TimeDelta::seconds(5));
    assert_eq!(sign_in(&office, &token).await, (200, "ada".to_owned()));

    provider.break_down();
    office.clock.advance(TimeDelta::minutes(59));
    assert_eq!(sign_in(&office, &token).await.0, 200, "what is known lasts for a while");
    office.clock.advance(TimeDelta::minutes(2));
    assert_eq!(sign_in(&office, &token).await.0, 503, "but not for ever");
    provider.recover();
    office.clock.advance(TimeDelta::seconds(5));
    assert_eq!(sign_in(&office, &token).await.0, 200);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_cannot_be_trusted_gives_no_keys() {
    let signer = Signer::rsa();
    let provider = Provider::start(std::slice::from_ref(&signer)).await;
    let office = provider.office().await;
    let token = signer.sign(&claims(&provider, &office));
    let keys = json!({ "keys": [signer.jwk()] }).to_string();
    provider.answer("/elsewhere", 200, "", keys.clone());
    let own = |name: &str| format!("{}/{name}", provider.issuer);
    let configuration =
        |issuer: &str, keys: &str| json!({ "issuer": issuer, "jwks_uri": keys }).to_string();
    for (what, status, body) in [
        ("another issuer", 200, configuration("https://login.example.org", &own("keys"))),
        ("a slash too many", 200, configuration(&own(""), &own("keys"))),
        ("keys without TLS", 200, configuration(&provider.issuer, "http://login.example.org/keys")),
        ("a file", 200, configuration(&provider.issuer, "file:///etc/passwd")),
        ("no keys there", 200, configuration(&provider.issuer, &own("nowhere"))),
        ("no JSON", 200, "<html>".to_owned()),
        ("a redirect", 302, configuration(&provider.issuer, &own("keys"))),
        ("too long", 200, " ".repeat(300_000) + &configuration(&provider.issuer, &own("keys"))),
    ] {
        provider.answer("/.well-known/openid-configuration", status, "/elsewhere", body);
        assert_eq!(sign_in(&office, &token).await.0, 503, "{what}");
        office.clock.advance(TimeDelta::seconds(5));
    }
    provider.recover();
    for (what, status, body) in [
        ("a redirect", 307, keys),
        ("too long", 200, " ".repeat(300_000)),
        ("no keys", 200, "{}".to_owned()),
    ] {
        provider.answer("/keys", status, "/elsewhere", body);
        assert_eq!(sign_in(&office, &token).await.0, 503, "{what}");
        office.clock.advance(TimeDelta::seconds(5));
    }
    assert_eq!(provider.asked("/elsewhere"), 0, "no redirect is followed");
    provider.publish(std::slice::from_ref(&signer));
    assert_eq!(sign_in(&office, &token).await.0, 200);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_without_a_key_name_is_good_where_one_key_is_meant() {
    let (rsa, ec) = (Signer::rsa(), Signer::ec());
    let provider = Provider::start(&[rsa.clone(), ec.clone()]).await;
    let office = provider.office().await;
    let nameless = |signer: &Signer| {
        signer.sign_with(&Header { kid: None, ..signer.header() }, &claims(&provider, &office))
    };
    assert_eq!(sign_in(&office, &nameless(&ec)).await.0, 200);
    provider.publish(&[rsa.clone(), Signer::next_rsa()]);
    office.clock.advance(TimeDelta::minutes(6));
    assert_refused(&office, &nameless(&rsa), "does not publish").await;
    office.close().await;
}
