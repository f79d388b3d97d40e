//! Accounts of this server: signing in with a password, sessions, and the ends of sessions.

use api::auth::SignInSettings;
use chrono::TimeDelta;
use entity::{UserRole, session};
use memoranda_tests::{Actor, Office, Options, codes};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use service::accounts;

pub const PASSWORD: &str = "correct horse battery staple";

const SIGN_IN: &str = "mutation ($input: SignInInput!) { signIn(input: $input) {
    accessToken expiresAt refreshToken sessionExpiresAt user { username } userErrors { code field \
    message } clientMutationId } }";
const REFRESH: &str = "mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) {
    accessToken expiresAt refreshToken sessionExpiresAt user { username } userErrors { code \
    message } } }";
const SIGN_OUT: &str =
    "mutation ($input: SignOutInput!) { signOut(input: $input) { signedOut userErrors { code } } }";
const CHANGE: &str = "mutation ($input: ChangePasswordInput!) { changePassword(input: $input) {
    changed userErrors { code field message } } }";
const SET: &str = "mutation ($input: SetPasswordInput!) { setPassword(input: $input) {
    user { username } userErrors { code field message } } }";

/// Gives a person the tests' password.
pub async fn give_password(office: &Office, person: &Actor) {
    let set = accounts::set_password_of(&office.services, person.id, PASSWORD).await;
    assert!(set.is_ok(), "{set:?}");
}

/// The answer of `signIn` to a client that is not a browser.
pub async fn sign_in(office: &Office, username: &str, password: &str) -> Value {
    let input = json!({ "username": username, "password": password, "refreshTokenInBody": true });
    office.anonymous().data(SIGN_IN, json!({ "input": input })).await["signIn"].take()
}

pub async fn refresh(office: &Office, token: &Value) -> Value {
    let input = json!({ "refreshToken": token });
    office.anonymous().data(REFRESH, json!({ "input": input })).await["refreshSession"].take()
}

/// A person with the access token of a payload.
pub fn with_session(office: &Office, of: &Actor, payload: &Value) -> Actor {
    let token = payload["accessToken"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned();
    office.actor_with_token(of.id, &of.name, Some(token))
}

pub async fn sign_out(person: &Actor, input: Value) -> Value {
    person.data(SIGN_OUT, json!({ "input": input })).await["signOut"].take()
}

pub async fn change_password(person: &Actor, current: &str, new: &str) -> Value {
    let input = json!({ "currentPassword": current, "newPassword": new });
    person.data(CHANGE, json!({ "input": input })).await["changePassword"].take()
}

async fn set_password(admin: &Actor, of: &str, new: &str) -> Value {
    let input = json!({ "userId": of, "newPassword": new });
    admin.data(SET, json!({ "input": input })).await["setPassword"].take()
}

/// Whether the token is still valid.
pub async fn is_signed_in(person: &Actor) -> bool {
    let answer = person.send("{ viewer { id } }", json!({})).await;
    match answer["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => {
            assert_eq!(code, "UNAUTHENTICATED", "{answer:#}");
            false
        }
        None => true,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_password_signs_in_with_it() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    for name in ["author", "Author", " author ", "author@example.org", "AUTHOR@EXAMPLE.ORG"] {
        let payload = sign_in(&office, name, PASSWORD).await;
        assert_eq!(payload["userErrors"], json!([]), "{name}");
        assert_eq!(payload["user"]["username"], "author");
        assert_eq!(payload["expiresAt"], "2026-03-02T09:10:00.000Z");
        assert_eq!(payload["sessionExpiresAt"], "2026-04-01T09:00:00.000Z");
        let author = with_session(&office, office.author(), &payload);
        assert_eq!(
            author.data("{ viewer { username } }", json!({})).await["viewer"]["username"],
            "author"
        );
        office.clock.advance(TimeDelta::zero());
    }
    let payload = sign_in(&office, "author", PASSWORD).await;
    let author = with_session(&office, office.author(), &payload);
    let before = office.statements();
    assert!(is_signed_in(&author).await);
    assert_eq!(office.statements() - before, 1, "person and session in one statement");
    office.clock.advance(TimeDelta::minutes(10));
    assert!(!is_signed_in(&author).await, "an access token lasts ten minutes");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_good_once_and_a_lost_answer_can_be_asked_for_again() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let first = sign_in(&office, "author", PASSWORD).await;
    office.clock.advance(TimeDelta::minutes(9));
    let second = refresh(&office, &first["refreshToken"]).await;
    assert_eq!(second["user"]["username"], "author");
    assert_eq!(
        second["sessionExpiresAt"], first["sessionExpiresAt"],
        "however often it is refreshed"
    );
    assert_ne!(second["refreshToken"], first["refreshToken"]);
    office.clock.advance(TimeDelta::seconds(10));
    let again = refresh(&office, &first["refreshToken"]).await;
    assert_eq!(again["refreshToken"], second["refreshToken"], "the same successor");
    let third = refresh(&office, &second["refreshToken"]).await;
    assert_eq!(third["userErrors"], json!([]));
    let author = with_session(&office, office.author(), &third);
    assert!(is_signed_in(&author).await);

    let reused = refresh(&office, &first["refreshToken"]).await;
    assert_eq!(codes(&reused), ["SESSION_ENDED"]);
    assert_eq!(reused["accessToken"], json!(null));
    let ended = refresh(&office, &third["refreshToken"]).await;
    assert_eq!(codes(&ended), ["SESSION_ENDED"], "the copy and the original end together");
    assert!(!is_signed_in(&author).await);
    assert!(is_signed_in(office.author()).await, "tokens of no session are not concerned");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_token_used_again_after_a_while_ends_the_session_too() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let first = sign_in(&office, "author", PASSWORD).await;
    let other = sign_in(&office, "author", PASSWORD).await;
    let second = refresh(&office, &first["refreshToken"]).await;
    office.clock.advance(TimeDelta::seconds(11));
    assert_eq!(codes(&refresh(&office, &first["refreshToken"]).await), ["SESSION_ENDED"]);
    assert_eq!(codes(&refresh(&office, &second["refreshToken"]).await), ["SESSION_ENDED"]);
    assert_eq!(
        refresh(&office, &other["refreshToken"]).await["userErrors"],
        json!([]),
        "another device"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_refresh_at_the_same_time_get_the_same_successor() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let first = sign_in(&office, "author", PASSWORD).await;
    let token = &first["refreshToken"];
    let (a, b, c) =
        tokio::join!(refresh(&office, token), refresh(&office, token), refresh(&office, token));
    assert!(a["refreshToken"].is_string(), "{a:#}");
    assert_eq!((&a["refreshToken"], &a["refreshToken"]), (&b["refreshToken"], &c["refreshToken"]));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_on_its_last_day_and_is_purged_later() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let mut payload = sign_in(&office, "author", PASSWORD).await;
    for _ in 0..29 {
        office.clock.advance(TimeDelta::days(1));
        payload = refresh(&office, &payload["refreshToken"]).await;
    }
    office.clock.advance(TimeDelta::hours(23) + TimeDelta::minutes(55));
    payload = refresh(&office, &payload["refreshToken"]).await;
    assert_eq!(payload["expiresAt"], payload["sessionExpiresAt"], "no token outlasts its session");
    office.clock.advance(TimeDelta::minutes(5));
    assert_eq!(codes(&refresh(&office, &payload["refreshToken"]).await), ["SESSION_ENDED"]);
    assert_eq!(office.purger.sessions().await.unwrap(), 0);
    office.clock.advance(TimeDelta::days(7) + TimeDelta::seconds(1));
    sign_in(&office, "author", PASSWORD).await;
    assert_eq!(office.purger.sessions().await.unwrap(), 1, "the new one stays");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_and_no_other() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let (here, there) =
        (sign_in(&office, "author", PASSWORD).await, sign_in(&office, "author", PASSWORD).await);
    let (author, elsewhere) = (
        with_session(&office, office.author(), &here),
        with_session(&office, office.author(), &there),
    );
    assert_eq!(sign_out(&author, json!({})).await, json!({ "signedOut": true, "userErrors": [] }));
    assert!(!is_signed_in(&author).await);
    assert_eq!(codes(&refresh(&office, &here["refreshToken"]).await), ["SESSION_ENDED"]);
    assert!(is_signed_in(&elsewhere).await);
    let nobody = office.anonymous();
    let by_token = json!({ "refreshToken": here["refreshToken"] });
    assert_eq!(sign_out(&nobody, by_token).await["signedOut"], true, "again");
    for unknown in [json!({}), json!({ "refreshToken": "garbage" })] {
        assert_eq!(sign_out(&nobody, unknown).await["signedOut"], false);
    }
    let by_token = json!({ "refreshToken": there["refreshToken"] });
    assert_eq!(sign_out(&nobody, by_token).await["signedOut"], true);
    assert!(!is_signed_in(&elsewhere).await);

    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(with_session(
            &office,
            office.author(),
            &sign_in(&office, "author", PASSWORD).await,
        ));
    }
    sign_out(&sessions[0], json!({ "everywhere": true })).await;
    for session in &sessions {
        assert!(!is_signed_in(session).await);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_ends_the_other_sessions() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let here = with_session(&office, office.author(), &sign_in(&office, "author", PASSWORD).await);
    let there = with_session(&office, office.author(), &sign_in(&office, "author", PASSWORD).await);
    let wrong = change_password(&here, "a wrong password", "another long password").await;
    assert_eq!(codes(&wrong), ["WRONG_PASSWORD"]);
    let too_long = "x y".repeat(100);
    for (password, message) in [
        ("too short", "at least 12 characters"),
        (too_long.as_str(), "at most 256 characters"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("Author@Example.org", "easy to guess"),
    ] {
        let refused = change_password(&here, PASSWORD, password).await;
        assert_eq!(codes(&refused), ["INVALID_INPUT"], "{password}");
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "newPassword"]));
        assert!(
            refused["userErrors"][0]["message"].as_str().unwrap().contains(message),
            "{refused}"
        );
    }
    assert!(is_signed_in(&there).await, "nothing has changed so far");

    let new = "ein anderes, längeres Passwort 🙂";
    assert_eq!(
        change_password(&here, PASSWORD, new).await,
        json!({ "changed": true, "userErrors": [] })
    );
    assert!(is_signed_in(&here).await);
    assert!(!is_signed_in(&there).await);
    assert_eq!(codes(&sign_in(&office, "author", PASSWORD).await), ["INVALID_CREDENTIALS"]);
    assert_eq!(sign_in(&office, "author", new).await["userErrors"], json!([]));
    let without = change_password(office.recipient(), PASSWORD, new).await;
    assert_eq!(codes(&without), ["WRONG_PASSWORD"], "who has no password");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_gives_a_first_password_or_another() {
    let office = Office::open().await;
    let admin = office.admin();
    let author = office.author().user_id();
    assert_eq!(codes(&set_password(admin, &author, "short").await), ["INVALID_INPUT"]);
    let nobody = api::graphql::Kind::User.id(uuid::Uuid::max()).0;
    assert_eq!(codes(&set_password(admin, &nobody, PASSWORD).await), ["NOT_FOUND"]);
    assert_eq!(set_password(admin, &author, PASSWORD).await["user"]["username"], "author");
    let session =
        with_session(&office, office.author(), &sign_in(&office, "author", PASSWORD).await);
    set_password(admin, &author, "four words nobody says").await;
    assert!(!is_signed_in(&session).await);
    assert_eq!(codes(&sign_in(&office, "author", PASSWORD).await), ["INVALID_CREDENTIALS"]);
    assert!(sign_in(&office, "author", "four words nobody says").await["accessToken"].is_string());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_deactivated_signs_in_anew() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let payload = sign_in(&office, "author", PASSWORD).await;
    let author = with_session(&office, office.author(), &payload);
    let set = async |mutation: &str| {
        let id = office.author().user_id();
        let document = format!(
            "mutation {{ {mutation}(input: {{ userId: \"{id}\" }}) {{ userErrors {{ code }} }} }}"
        );
        office.admin().data(&document, json!({})).await;
    };
    set("deactivateUser").await;
    assert!(!is_signed_in(&author).await);
    assert_eq!(codes(&refresh(&office, &payload["refreshToken"]).await), ["SESSION_ENDED"]);
    assert_eq!(codes(&sign_in(&office, "author", PASSWORD).await), ["INVALID_CREDENTIALS"]);
    set("reactivateUser").await;
    assert!(!is_signed_in(&author).await, "what has ended does not begin again");
    assert_eq!(codes(&refresh(&office, &payload["refreshToken"]).await), ["SESSION_ENDED"]);
    assert!(sign_in(&office, "author", PASSWORD).await["accessToken"].is_string());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_with_a_password_and_sessions_can_be_deleted() {
    let office = Office::open().await;
    let ada = office.hire("ada", UserRole::Member).await;
    give_password(&office, &ada).await;
    let session = with_session(&office, &ada, &sign_in(&office, "ada", PASSWORD).await);
    let document = format!(
        "mutation {{ deleteUser(input: {{ userId: \"{}\" }}) {{ userErrors {{ code }} }} }}",
        ada.user_id()
    );
    assert_eq!(
        office.admin().data(&document, json!({})).await["deleteUser"]["userErrors"],
        json!([])
    );
    assert!(!is_signed_in(&session).await);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_are_no_local_accounts_nobody_signs_in_with_a_password() {
    let sign_in_settings = SignInSettings { local_accounts: false, ..SignInSettings::default() };
    let office =
        Office::open_with(Options { sign_in: sign_in_settings, ..Options::default() }).await;
    give_password(&office, office.author()).await;
    assert_eq!(codes(&sign_in(&office, "author", PASSWORD).await), ["LOCAL_ACCOUNTS_OFF"]);
    assert_eq!(codes(&refresh(&office, &json!("x")).await), ["LOCAL_ACCOUNTS_OFF"]);
    assert_eq!(codes(&sign_out(office.author(), json!({})).await), ["LOCAL_ACCOUNTS_OFF"]);
    assert_eq!(
        codes(&change_password(office.author(), PASSWORD, "x").await),
        ["LOCAL_ACCOUNTS_OFF"]
    );
    let author = office.author().user_id();
    assert_eq!(
        codes(&set_password(office.admin(), &author, PASSWORD).await),
        ["LOCAL_ACCOUNTS_OFF"]
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_the_database_is_a_token_or_a_password() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let payload = sign_in(&office, "author", PASSWORD).await;
    let connection = office.services.database.connection();
    let session = session::Entity::find().one(connection).await.unwrap().unwrap();
    let credential = entity::credential::Entity::find().one(connection).await.unwrap().unwrap();
    let stored = format!("{session:?} {credential:?}");
    assert!(
        !stored.contains(payload["refreshToken"].as_str().unwrap()) && !stored.contains(PASSWORD)
    );
    assert!(credential.password_hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    office.close().await;
}
