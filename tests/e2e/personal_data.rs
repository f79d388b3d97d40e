//! A person's data as a download: what is stored about them and what they wrote.

use api::graphql::Kind;
use entity::{NotificationKind, UserRole, identity, mail_opt_out, refused_deletion};
use futures_util::StreamExt;
use memoranda_tests::{Actor, Office, Options, is_postgres, refusal};
use reqwest::{Client, Method, Response};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use service::{Error, personal_data};
use std::collections::{BTreeMap, BTreeSet};

const QUERY: &str =
    "query ($id: ID!) { personalData(userId: $id) { url mediaType user { username } } }";

async fn ask(person: &Actor, method: Method, id: &str) -> Response {
    let request = Client::new()
        .request(method, format!("{}/personal-data/{id}", person.address))
        .bearer_auth(person.token());
    request.send().await.unwrap()
}

/// The text that a reader gets. `None` if there is no such person for them.
pub async fn text_of(reader: &Actor, person: &Actor) -> Option<String> {
    let response = ask(reader, Method::GET, &person.user_id()).await;
    match response.status().as_u16() {
        404 => None,
        status => {
            assert_eq!(status, 200);
            Some(response.text().await.unwrap())
        }
    }
}

/// The lines that a person gets. The last one says that nothing is missing.
async fn download(reader: &Actor, person: &Actor) -> Vec<Value> {
    let shown = reader.data(QUERY, json!({ "id": person.user_id() })).await;
    let url = shown["personalData"]["url"].as_str().unwrap();
    assert_eq!(url, format!("/personal-data/{}", person.user_id()));
    let response = ask(reader, Method::GET, &person.user_id()).await;
    assert_eq!(response.status(), 200);
    for (name, value) in [
        ("content-type", "application/x-ndjson"),
        ("cache-control", "private, no-store"),
        ("vary", "authorization"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
    ] {
        assert_eq!(response.headers()[name], value, "{name}");
    }
    let name = format!("attachment; filename=\"{}.ndjson\"", person.user_id());
    assert_eq!(response.headers()["content-disposition"], name);
    let text = response.text().await.unwrap();
    assert!(text.ends_with('\n'));
    let mut lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.pop().unwrap(), json!({ "type": "end", "rows": lines.len() }));
    lines
}

fn of_type<'l>(lines: &'l [Value], kind: &str) -> Vec<&'l Value> {
    lines.iter().filter(|line| line["type"] == kind).collect()
}

/// How many lines of each type there are.
fn types(lines: &[Value]) -> BTreeMap<&str, usize> {
    let mut types = BTreeMap::new();
    for line in lines {
        *types.entry(line["type"].as_str().unwrap()).or_default() += 1;
    }
    types
}

/// Something of every type.
async fn work(office: &Office) -> Actor {
    let person = office.hire("ada", UserRole::Admin).await;
    crate::accounts::give_password(office, &person).await;
    crate::accounts::sign_in(office, "ada", crate::accounts::PASSWORD).await;
    let now = office.services.now();
    office
        .insert(identity::Model {
            issuer: "https://idp.example.org".to_owned(),
            subject: "subject-of-ada".to_owned(),
            user_id: person.id,
            created_at: now,
            role_as_of: None,
        })
        .await;
    let kind = NotificationKind::ReminderDue;
    office.insert(mail_opt_out::Model { user_id: person.id, kind }).await;
    let memo = office.memo().named("Looms").from(person.id).create().await;
    office.comment(&memo, person.id, "They weave patterns.").await;
    office.comment(&memo, office.recipient().id, "Somebody else's words.").await;
    office.remind(&memo, person.id, 9).await;
    let shared = office.memo().named("Engine").with_subscriber(person.id).create().await;
    office.mark_unread(&shared, person.id).await;
    let received = office.memo().named("For Ada").to(person.id).create().await;
    let review = "mutation ($id: ID!) { reviewMemo(input: { memoId: $id, conclusion: \"Ada's \
        conclusion\" }) { userErrors { code } } }";
    person.data(review, json!({ "id": received.id })).await;
    let gone = office.memo().named("Gone").from(person.id).create().await;
    person.delete_with(json!({ "memoId": gone.id, "reason": "Ada's reason" })).await;
    let theirs = office.memo().named("Deleted by its author").to(person.id).create().await;
    office.author().delete_with(json!({ "memoId": theirs.id, "reason": "Another's" })).await;
    let file = office.upload(&person, "ada.txt", "by Ada").await;
    let attach = "mutation ($id: ID!, $file: ID!) { attachFiles(input: { targetId: $id, fileIds: \
        [$file] }) { userErrors { code } } }";
    let create = |kind: &str| {
        format!(
            "mutation {{ create{kind}(input: {{ name: \"Work of Ada\" }}) {{ {} {{ id }} \
             userErrors {{ message }} }} }}",
            kind.to_lowercase()
        )
    };
    let mut targets = vec![memo.id.clone()];
    for kind in ["Task", "Project"] {
        let created = person.data(&create(kind), json!({})).await;
        let created = &created[format!("create{kind}")];
        let id = created[kind.to_lowercase()]["id"].as_str();
        targets.push(id.unwrap_or_else(|| panic!("{created:#}")).to_owned());
    }
    for (n, target) in targets.iter().enumerate() {
        let file = if n == 0 {
            file.clone()
        } else {
            office.upload(&person, &format!("ada-{n}.txt"), &format!("by Ada {n}")).await
        };
        let variables = json!({ "id": target, "file": Kind::File.id(file.id).0 });
        let payload = person.data(attach, variables).await;
        assert_eq!(payload["attachFiles"]["userErrors"], json!([]), "{target}");
    }
    office
        .insert(refused_deletion::Model {
            id: office.services.new_id(),
            memo_id: shared.uuid,
            user_id: person.id,
            codes: "NOT_A_PARTICIPANT".to_owned(),
            refused_at: now,
            deletion_id: None,
        })
        .await;
    let place = "mutation ($id: ID!) { placeMemoHold(input: { memoId: $id, reason: \"Ada's \
        order\" }) { userErrors { code } } }";
    person.data(place, json!({ "id": shared.id })).await;
    let leaver = office.hire("leaver", UserRole::Member).await;
    office.memo().from(leaver.id).create().await;
    office.deactivate(&leaver).await;
    let (from, to) = (leaver.user_id(), office.stranger().user_id());
    let passed = "mutation ($from: ID!, $to: ID!, $token: String) { reassignMemos(input: { \
        fromUserId: $from, toUserId: $to, confirmationToken: $token }) { preview { \
        confirmationToken } userErrors { code } } }";
    let asked = person.data(passed, json!({ "from": from, "to": to })).await;
    let token = &asked["reassignMemos"]["preview"]["confirmationToken"];
    person.data(passed, json!({ "from": from, "to": to, "token": token })).await;
    crate::person_erasure::erase(&person, &leaver).await;
    let send = "mutation ($id: ID!) { createMemo(input: { name: \"News\", recipientId: $id, draft: \
        false }) { userErrors { code } } }";
    office.author().data(send, json!({ "id": person.user_id() })).await;
    person
}

#[tokio::test(flavor = "multi_thread")]
async fn the_download_has_what_is_stored_about_a_person_and_what_they_wrote() {
    let office = Office::open_with(Options { sends_mail: true, ..Options::default() }).await;
    let person = work(&office).await;
    let lines = download(&person, &person).await;
    insta::assert_json_snapshot!(types(&lines), @r#"
    {
      "comment": 1,
      "deletedMemo": 1,
      "deletedReceivedMemo": 1,
      "deletion": 2,
      "erasure": 1,
      "event": 4,
      "file": 3,
      "hold": 1,
      "identity": 1,
      "mail": 1,
      "mailPreference": 1,
      "memo": 1,
      "memoFile": 1,
      "notification": 1,
      "password": 1,
      "person": 1,
      "project": 1,
      "projectFile": 1,
      "projectMember": 1,
      "reassignment": 1,
      "receivedMemo": 2,
      "refusedAttempt": 1,
      "reminder": 1,
      "session": 1,
      "subscription": 1,
      "task": 1,
      "taskFile": 1,
      "taskMember": 1,
      "unreadMark": 2
    }
    "#);
    let person_line = of_type(&lines, "person")[0];
    assert_eq!(person_line["id"], json!(person.user_id()));
    assert_eq!(person_line["email"], "ada@example.org");
    let looms = of_type(&lines, "memo")[0];
    insta::assert_json_snapshot!(looms, { ".id" => "[id]", ".recipientId" => "[id]" }, @r#"
    {
      "createdAt": "2026-03-02T09:00:00+00:00",
      "dealId": null,
      "description": "Six, with armrests.",
      "draft": false,
      "id": "[id]",
      "name": "Looms",
      "projectId": null,
      "recipientId": "[id]",
      "resolutionId": null,
      "reviewDate": null,
      "sentAt": "2026-03-02T09:00:00+00:00",
      "stage": "PENDING",
      "taskId": null,
      "type": "memo",
      "updatedAt": "2026-03-02T09:00:00+00:00"
    }
    "#);
    let text = json!(lines).to_string();
    for own in [
        "They weave patterns.",
        "Ada's conclusion",
        "Ada's reason",
        "Ada's order",
        "Work of Ada",
        "ada.txt",
        "subject-of-ada",
    ] {
        assert!(text.contains(own), "{own}");
    }
    for others in ["Somebody else's words.", "Another's", "argon2", "Deleted by its author"] {
        assert!(!text.contains(others), "{others}");
    }
    let admins = download(office.admin(), &person).await;
    assert_eq!(admins, lines, "an administrator gets the same, because there are no drafts");
    assert_eq!(download(&person, office.stranger()).await[0]["username"], "stranger");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn for_all_others_there_is_no_such_person() {
    let office = Office::open().await;
    let person = office.author();
    let unknown = Kind::User.id(uuid::Uuid::max()).0;
    for name in ["recipient", "subscriber", "stranger", "chief"] {
        let reader = office.person(name);
        let shown = reader.data(QUERY, json!({ "id": person.user_id() })).await;
        assert_eq!(shown["personalData"], Value::Null, "{name}");
        for method in [Method::GET, Method::HEAD] {
            assert_eq!(ask(reader, method, &person.user_id()).await.status(), 404, "{name}");
        }
        let refused = refusal(ask(reader, Method::GET, &person.user_id()).await).await;
        for id in [&unknown, "user_x", "memo_00000000000000000000000000"] {
            let answer = refusal(ask(reader, Method::GET, id).await).await;
            assert_eq!(refused, answer, "as if the person did not exist");
        }
    }
    let shown = office.admin().data(QUERY, json!({ "id": unknown })).await;
    assert_eq!(shown["personalData"], Value::Null);
    assert_eq!(ask(office.admin(), Method::GET, &unknown).await.status(), 404);
    let url = format!("{}/personal-data/{}", office.address, person.user_id());
    assert_eq!(Client::new().get(&url).send().await.unwrap().status(), 401);
    let post = Client::new().post(&url).bearer_auth(person.token()).send().await.unwrap();
    assert_eq!(
        (post.status().as_u16(), &post.headers()["allow"]),
        (405, &"GET, HEAD".parse().unwrap())
    );
    assert_eq!(ask(person, Method::HEAD, &person.user_id()).await.status(), 200);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_are_in_their_authors_own_download_alone() {
    let office = Office::open().await;
    let person = office.author();
    let draft = office.memo().named("A secret draft").to(person.id).draft().create().await;
    office.attach(&draft, "secret.txt", "secret").await;
    office.remind(&draft, person.id, 3).await;
    let deleted = office.memo().named("A secret deletion").draft().create().await;
    person.delete_with(json!({ "memoId": deleted.id, "reason": "A secret reason" })).await;
    office.upload(person, "secret-upload.txt", "secret").await;
    // Somebody else's draft, which is for the person and which they would subscribe to.
    let theirs = office.memo().named("Their secret").from(office.stranger().id).to(person.id);
    let theirs = theirs.with_subscriber(person.id).draft().create().await;
    let own = download(person, person).await;
    let text = json!(own).to_string();
    for secret in ["A secret draft", "secret.txt", "A secret deletion", "A secret reason"] {
        assert!(text.contains(secret), "{secret}");
    }
    assert_eq!(of_type(&own, "reminder").len(), 1);
    let admins = json!(download(office.admin(), person).await).to_string();
    for hidden in ["secret", &draft.id, &deleted.id] {
        assert!(!admins.contains(hidden), "{hidden}");
    }
    for text in [&text, &admins] {
        assert!(!text.contains(&theirs.id) && !text.contains("Their secret"));
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_download_is_read_in_small_pages() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    for n in 0..120 {
        office.comment(&memo, office.author().id, &format!("Comment {n}")).await;
        office.memo().named(&format!("Memo {n}")).create().await;
    }
    let before = office.statements();
    let lines = download(office.author(), office.author()).await;
    let statements = office.statements() - before;
    assert_eq!((of_type(&lines, "comment").len(), of_type(&lines, "memo").len()), (120, 121));
    let ids: BTreeSet<String> = lines.iter().map(Value::to_string).collect();
    assert_eq!(ids.len(), lines.len(), "each row once");
    // Each portion is two statements, and two of the 30 sections have three portions.
    assert!((68..74).contains(&statements), "{statements} statements");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_ends_when_the_reader_loses_access() {
    let office = Office::open().await;
    let reader = office.hire("auditor", UserRole::Admin).await;
    let mut lines = personal_data::read(&office.services, reader.viewer(), office.author().id);
    let first = lines.next().await.unwrap().unwrap();
    let first: Value = serde_json::from_slice(&first).unwrap();
    assert_eq!((&first["type"], &first["username"]), (&json!("person"), &json!("author")));
    office.deactivate(&reader).await;
    let refused = lines.next().await.unwrap();
    assert!(matches!(refused, Err(Error::SignInUnconfirmed)), "{refused:?}");
    assert!(lines.next().await.is_none());
    office.close().await;
}

/// The tables with a key to people, besides those whose rows only say which of the person's own
/// rows are whose.
async fn tables_about_people(office: &Office) -> BTreeSet<String> {
    let database = &office.services.database;
    let query = if is_postgres() {
        "SELECT DISTINCT c.conrelid::regclass::text AS t FROM pg_constraint c
        WHERE c.contype = 'f' AND c.confrelid = 'users'::regclass"
    } else {
        "SELECT DISTINCT m.name AS t FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) k
        WHERE m.type = 'table' AND k.\"table\" = 'users'"
    };
    let query = Statement::from_string(database.backend(), format!("/* tests */ {query}"));
    let rows = database.connection().query_all_raw(query).await.unwrap();
    rows.iter().map(|row| row.try_get("", "t").unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_about_people_is_in_the_download() {
    let office = Office::open().await;
    let person = office.hire("ada", UserRole::Member).await;
    let seen: std::sync::Arc<std::sync::Mutex<BTreeSet<String>>> = Default::default();
    let statements = seen.clone();
    office.observe(Some(Box::new(move |statement| {
        let words = statement.sql.split_whitespace().map(str::to_owned);
        statements.lock().unwrap().extend(words);
    })));
    download(&person, &person).await;
    office.observe(None);
    let seen = seen.lock().unwrap().clone();
    let tables = tables_about_people(&office).await;
    assert!(tables.len() > 20, "{tables:?}");
    let missing: Vec<&String> = tables.iter().filter(|table| !seen.contains(*table)).collect();
    assert!(
        missing.is_empty(),
        "{missing:?} refer to people: add them to service/src/personal_data/table.rs, and to the \
         inventory of person_erasure"
    );
    office.close().await;
}
