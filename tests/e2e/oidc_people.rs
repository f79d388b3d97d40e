//! How the people of an OpenID Connect provider become people of this server.

use crate::oidc_provider::{Provider, Signer, assert_refused, sign_in};
use api::auth::RoleClaim;
use chrono::TimeDelta;
use memoranda_tests::Office;
use serde_json::{Value, json};
use service::{
    accounts::{self, LinkError},
    people,
};

fn claims(provider: &Provider, office: &Office, subject: &str, more: &Value) -> Value {
    let mut claims = provider.claims(office, subject);
    claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    claims
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_nobody_knows_is_refused_unless_the_operator_wants_new_people() {
    let signer = Signer::ec();
    let provider = Provider::start(std::slice::from_ref(&signer)).await;
    let office = provider.office_with(|_| {}).await;
    let before = office.row_counts().await;
    for email in ["ada@example.org", "author@example.org"] {
        let of =
            claims(&provider, &office, "1", &json!({ "email": email, "email_verified": true }));
        assert_refused(&office, &signer.sign(&of), "unknown or inactive").await;
    }
    assert_eq!(office.row_counts().await, before);
    office.close().await;

    let office = provider.office().await;
    let of = claims(
        &provider,
        &office,
        "1",
        &json!({ "email": "ada@example.org", "name": "Ada Lovelace" }),
    );
    assert_eq!(sign_in(&office, &signer.sign(&of)).await, (200, "ada".to_owned()));
    let ada = office.actor_with_token(uuid::Uuid::nil(), "ada", Some(signer.sign(&of)));
    let viewer = ada.data("{ viewer { fullName email role } }", json!({})).await;
    let expected =
        json!({ "fullName": "Ada Lovelace", "email": "ada@example.org", "role": "MEMBER" });
    assert_eq!(viewer["viewer"], expected);

    let namesake = claims(
        &provider,
        &office,
        "2",
        &json!({ "email": "ada@example.com", "preferred_username": "ADA" }),
    );
    assert_eq!(sign_in(&office, &signer.sign(&namesake)).await, (200, "ADA-2".to_owned()));
    let without = claims(&provider, &office, "3", &json!({ "preferred_username": "grace" }));
    assert_refused(&office, &signer.sign(&without), "without an email claim").await;
    let same = claims(
        &provider,
        &office,
        "4",
        &json!({ "email": "Author@example.org", "email_verified": true }),
    );
    assert_refused(&office, &signer.sign(&same), "one with its address").await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verified_address_links_where_the_operator_wants_it() {
    let signer = Signer::ec();
    let provider = Provider::start(std::slice::from_ref(&signer)).await;
    let office = provider.office_with(|settings| settings.recognition.link_by_email = true).await;
    let token =
        |subject: &str, more: Value| signer.sign(&claims(&provider, &office, subject, &more));
    for verified in [json!(false), json!(null), json!("no"), json!(1)] {
        let token =
            token("1", json!({ "email": "author@example.org", "email_verified": verified }));
        assert_refused(&office, &token, "unknown or inactive").await;
    }
    let verified = json!({ "email": "AUTHOR@example.org", "email_verified": true });
    assert_eq!(sign_in(&office, &token("1", verified.clone())).await, (200, "author".to_owned()));
    assert_refused(&office, &token("2", verified), "unknown or inactive").await;
    let renamed = json!({ "email": "recipient@example.org", "email_verified": true });
    assert_eq!(
        sign_in(&office, &token("1", renamed)).await,
        (200, "author".to_owned()),
        "from then on it is the subject that counts"
    );
    office.sql("UPDATE users SET active = FALSE WHERE username IN ('author', 'stranger')").await;
    assert_refused(&office, &token("1", json!({})), "unknown or inactive").await;
    let inactive = json!({ "email": "stranger@example.org", "email_verified": true });
    assert_refused(&office, &token("3", inactive), "unknown or inactive").await;
    office.sql("UPDATE users SET active = TRUE WHERE username = 'stranger'").await;
    assert_eq!(
        sign_in(&office, &token("3", json!({}))).await,
        (200, "stranger".to_owned()),
        "who was refused as inactive is linked all the same"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_those_of_the_latest_token() {
    let signer = Signer::ec();
    let provider = Provider::start(std::slice::from_ref(&signer)).await;
    let office = provider
        .office_with(|settings| {
            settings.recognition.provision = true;
            settings.roles = Some(RoleClaim {
                claim: "realm_access.roles".to_owned(),
                chief: Some("management".to_owned()),
                admin: Some("it".to_owned()),
            });
        })
        .await;
    let role_with = async |token: &str| {
        let person = office.actor_with_token(uuid::Uuid::nil(), "ada", Some(token.to_owned()));
        person.data("{ viewer { role } }", json!({})).await["viewer"]["role"].take()
    };
    let token = |roles: Value| {
        let more = json!({ "email": "ada@example.org", "realm_access": { "roles": roles } });
        signer.sign(&claims(&provider, &office, "1", &more))
    };
    let as_member = token(json!([]));
    assert_eq!(role_with(&as_member).await, "MEMBER");
    office.clock.advance(TimeDelta::seconds(1));
    let as_admin = token(json!(["it", "management"]));
    assert_eq!(role_with(&as_admin).await, "ADMIN");
    assert_eq!(role_with(&as_member).await, "ADMIN", "an older token changes nothing");
    office.clock.advance(TimeDelta::seconds(1));
    assert_eq!(role_with(&token(json!(["management"]))).await, "CHIEF");
    assert_eq!(role_with(&as_admin).await, "CHIEF", "nor does it bring back what was taken away");

    let mut undated = provider.claims(&office, "1");
    undated.as_object_mut().unwrap().remove("iat");
    assert_refused(&office, &signer.sign(&undated), "lacks iat").await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_was_here_before_costs_one_statement() {
    let signer = Signer::ec();
    let provider = Provider::start(std::slice::from_ref(&signer)).await;
    let office = provider.office().await;
    let token =
        signer.sign(&claims(&provider, &office, "1", &json!({ "email": "ada@example.org" })));
    sign_in(&office, &token).await;
    let before = office.statements();
    sign_in(&office, &token).await;
    assert_eq!(office.statements() - before, 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_links_somebody_by_hand() {
    let signer = Signer::ec();
    let provider = Provider::start(std::slice::from_ref(&signer)).await;
    let office = provider.office_with(|_| {}).await;
    let person =
        async |name: &str| people::by_username(&office.services, name).await.unwrap().unwrap();
    let (author, recipient) = (person("author").await, person("recipient").await);
    let link = async |person: &entity::user::Model, subject: &str| {
        accounts::link(&office.services, person, &provider.issuer, subject).await
    };
    for _ in 0..2 {
        link(&author, "1").await.unwrap();
    }
    assert!(matches!(link(&author, "2").await, Err(LinkError::AlreadyLinked)));
    assert!(matches!(link(&recipient, "1").await, Err(LinkError::AlreadyLinked)));
    let token = |subject: &str| signer.sign(&claims(&provider, &office, subject, &json!({})));
    assert_eq!(sign_in(&office, &token("1")).await, (200, "author".to_owned()));
    assert_refused(&office, &token("2"), "unknown or inactive").await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_does_not_come_back_from_the_provider() {
    let signer = Signer::ec();
    let provider = Provider::start(std::slice::from_ref(&signer)).await;
    let office = provider
        .office_with(|settings| {
            settings.recognition.provision = true;
            settings.recognition.link_by_email = true;
        })
        .await;
    let token = |subject: &str, email: &str| {
        let more = json!({ "email": email, "email_verified": true, "name": "Ada Lovelace" });
        signer.sign(&claims(&provider, &office, subject, &more))
    };
    let (ada, address) = (token("1", "ada@example.org"), "ada@example.org");
    assert_eq!(sign_in(&office, &ada).await, (200, "ada".to_owned()));
    let person = people::by_username(&office.services, "ada").await.unwrap().unwrap();
    let person = office.actor_with_token(person.id, "ada", Some(ada.clone()));
    let erased = crate::person_erasure::erase(office.admin(), &person).await;
    assert_eq!(erased["userErrors"], json!([]));
    let before = office.row_counts().await;
    // The subject is refused, also with another address. So is the address with another subject.
    for (subject, email) in [("1", address), ("1", "new@example.org"), ("2", "Ada@Example.org")] {
        assert_refused(&office, &token(subject, email), "unknown or inactive").await;
    }
    assert_eq!(office.row_counts().await, before, "nobody is added");
    let rows = memoranda_tests::dump_rows(&office.services.database, &[]).await;
    let rows = rows.into_values().flatten().collect::<Vec<_>>().join("\n");
    assert!(!rows.contains("Lovelace") && !rows.contains(address));

    // An administrator gives the address to somebody else. The subject still does not come back.
    let successor = people::NewPerson {
        username: "successor".to_owned(),
        full_name: "A successor".to_owned(),
        email: address.to_owned(),
        role: entity::UserRole::Member,
    };
    people::add(&office.services, &successor).await.unwrap();
    assert_refused(&office, &ada, "unknown or inactive").await;
    assert_eq!(sign_in(&office, &token("3", address)).await, (200, "successor".to_owned()));
    // Others are added as before.
    assert_eq!(sign_in(&office, &token("4", "grace@example.org")).await, (200, "grace".to_owned()));
    office.close().await;
}
