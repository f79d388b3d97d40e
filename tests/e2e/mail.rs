//! Who gets which mail, and its text.

use crate::{
    people::run_for,
    writing::{act, user},
};
use entity::NotificationKind;
use memoranda_tests::{Actor, Office, Options, TakenMail};
use serde_json::{Value, json};

/// An office with a mail server.
pub async fn office() -> Office {
    Office::open_with(Options { sends_mail: true, ..Options::default() }).await
}

/// Writes and sends a memo, and returns its id.
pub async fn send(office: &Office, name: &str, subscribers: &[&Actor]) -> Value {
    let subscribers: Vec<String> = subscribers.iter().map(|person| user(person)).collect();
    let input = json!({ "name": name, "description": "For your eyes only.",
        "recipientId": user(office.recipient()), "subscriberIds": subscribers });
    act(office.author(), "createMemo", input).await["memo"]["id"].take()
}

/// Delivers what is due, and returns the subjects of the person's new mails.
async fn new_subjects(office: &Office, seen: &mut usize, username: &str) -> Vec<String> {
    office.deliver_mail().await;
    let taken = office.mail_server().taken();
    let new = taken[*seen..].iter().filter(|mail| mail.is_to(username));
    let subjects = new.map(|mail| mail.subject.clone()).collect();
    *seen = taken.len();
    subjects
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_has_both_forms_and_the_right_headers_and_never_the_description() {
    let office = office().await;
    let memo = send(&office, "Neue Stühle", &[]).await;
    office.deliver_mail().await;
    let [mail] = &office.mail_server().taken()[..] else { panic!("one mail") };
    let TakenMail { headers, subject, message_id, text, html } = mail;
    assert_eq!(subject, "The author sent you the memo \"Neue Stühle\"");
    for header in [
        "From: Memoranda <memos@example.org>",
        "To: \"The recipient\" <recipient@example.org>",
        "Auto-Submitted: auto-generated",
        "Date: Mon, 02 Mar 2026 09:00:00 +0000",
        "MIME-Version: 1.0",
    ] {
        assert!(headers.lines().any(|line| line == header), "{header} in\n{headers}");
    }
    assert!(headers.contains("Content-Type: multipart/alternative;"), "{headers}");
    assert!(message_id.ends_with("@example.org"), "{message_id}");
    let link = format!("https://crm.example.org/memos/{}", memo.as_str().unwrap());
    assert!(
        text.starts_with("The author sent you the memo \"Neue Stühle\".\r\n\r\nhttps://"),
        "{text}"
    );
    assert!(
        html.contains("<p>The author sent you the memo &quot;Neue Stühle&quot;.</p>"),
        "{html}"
    );
    assert!(html.contains(&format!("<a href=\"{link}\">")), "{html}");
    for form in [text, html] {
        assert!(form.contains(&link), "{form}");
        assert!(
            form.contains("updateMailPreferences") && form.contains("MEMO_SENT"),
            "how to get no more of them"
        );
        assert!(!form.contains("eyes"), "the text of the memo is not in the mail");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memo_that_is_sent_is_mailed_to_its_recipient_and_its_subscribers() {
    let office = office().await;
    let mut seen = 0;
    let memo = send(&office, "New chairs", &[office.subscriber()]).await;
    office.deliver_mail().await;
    assert_eq!(office.mails().len(), 2);
    assert_eq!(office.mails().iter().filter(|mail| mail.contains("author@example.org")).count(), 0);
    assert_eq!(
        new_subjects(&office, &mut 0, "subscriber").await,
        ["The author made you a subscriber of the memo \"New chairs\""]
    );
    assert_eq!(
        new_subjects(&office, &mut seen, "recipient").await,
        ["The author sent you the memo \"New chairs\""]
    );
    let input =
        json!({ "memoId": memo, "userIds": [user(office.stranger()), user(office.subscriber())] });
    act(office.author(), "addMemoSubscribers", input).await;
    office.deliver_mail().await;
    assert_eq!(office.mails().len(), 3, "an existing subscriber is not notified again");
    let subjects = new_subjects(&office, &mut seen, "stranger").await;
    assert_eq!(subjects, ["The author made you a subscriber of the memo \"New chairs\""]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_is_mailed_to_author_and_subscribers_and_a_recipients_deletion_to_the_author() {
    let office = office().await;
    let mut seen = 0;
    let memo = send(&office, "New chairs", &[office.subscriber()]).await;
    let id = memo.as_str().unwrap();
    new_subjects(&office, &mut seen, "recipient").await;
    for _ in 0..2 {
        office.recipient().review(id).await;
    }
    office.deliver_mail().await;
    assert_eq!(office.mails().len(), 4, "reviewing again is no news");
    assert_eq!(
        new_subjects(&office, &mut seen.clone(), "author").await,
        ["The recipient reviewed the memo \"New chairs\""]
    );
    assert_eq!(
        new_subjects(&office, &mut seen, "subscriber").await,
        ["The recipient reviewed the memo \"New chairs\""]
    );

    for _ in 0..2 {
        office.recipient().delete_confirmed(id).await;
    }
    office.deliver_mail().await;
    assert_eq!(office.mails().len(), 5, "deleting again is no news");
    let mail = office.mail_server().taken().pop().unwrap();
    assert!(mail.is_to("author"));
    assert_eq!(mail.subject, "The recipient deleted your memo \"New chairs\"");
    assert!(!mail.text.contains("https://"), "what is gone has no link");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_work_is_mailed_to_those_responsible_with_a_link_to_the_work() {
    let office = office().await;
    for (word, name) in [("task", "Task"), ("project", "Project")] {
        let memo = office.memo().create().await;
        let query = format!(
            "mutation ($input: Create{name}FromMemoInput!) {{ create{name}FromMemo(input: $input) \
             {{ {word} {{ id }} }} }}"
        );
        let input = json!({ "memoId": memo.id, "name": "Paint the walls",
            "responsibleIds": [user(office.stranger()), user(office.recipient())] });
        let answer = office.recipient().data(&query, json!({ "input": input })).await;
        let id = answer[format!("create{name}FromMemo")][word]["id"].as_str().unwrap().to_owned();
        office.deliver_mail().await;
        let mail = office.mail_server().taken().pop().unwrap();
        assert!(mail.is_to("stranger"), "{}", mail.headers);
        assert_eq!(
            mail.subject,
            format!("The recipient made you responsible for the {word} \"Paint the walls\"")
        );
        assert!(
            mail.text.contains(&format!("https://crm.example.org/{word}s/{id}\r\n")),
            "{}",
            mail.text
        );
    }
    assert_eq!(office.mails().len(), 2, "its creator is not notified");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_make_neither_markup_nor_headers() {
    let office = office().await;
    let memo = office
        .memo()
        .named("<script>alert('&')</script>\r\nBcc: eve@example.org\r\n\r\nBye")
        .create()
        .await;
    office
        .sql(
            "UPDATE users SET full_name = '\"<b>Eve</b>\"' || char(13) || char(10) || 'Cc: \
        eve@example.org' WHERE username = \
        'recipient'"
                .replace("char(", if memoranda_tests::is_postgres() { "chr(" } else { "char(" })
                .as_str(),
        )
        .await;
    office.recipient().review(&memo.id).await;
    office.deliver_mail().await;
    let [mail] = &office.mail_server().taken()[..] else { panic!("one mail") };
    assert_eq!(
        mail.subject,
        "\"<b>Eve</b>\" Cc: eve@example.org reviewed the memo \"<script>alert('&')</script> Bcc: \
         eve@example.org Bye\""
    );
    assert!(!mail.html.contains("<script>") && !mail.html.contains("<b>"), "{}", mail.html);
    assert!(
        mail.html.contains("&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt; Bcc: eve"),
        "{}",
        mail.html
    );
    assert!(
        !mail.headers.lines().any(|line| line.starts_with("Bcc:") || line.starts_with("Cc:")),
        "{}",
        mail.headers
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_opted_out_of_a_kind_gets_no_mail_of_it_and_is_told_all_the_same() {
    let office = office().await;
    let choose = async |person: &Actor, kinds: Value| {
        let query = "mutation ($input: UpdateMailPreferencesInput!) { updateMailPreferences(input: \
            $input) { mailPreferences { kinds mailIsSent } } }";
        let mut data = person.data(query, json!({ "input": { "kinds": kinds } })).await;
        data["updateMailPreferences"]["mailPreferences"].take()
    };
    let chosen = choose(office.recipient(), json!(["MEMO_REVIEWED"])).await;
    assert_eq!(chosen, json!({ "kinds": ["MEMO_REVIEWED"], "mailIsSent": true }));
    choose(office.author(), json!(["MEMO_SENT"])).await;
    let memo = send(&office, "New chairs", &[office.subscriber()]).await;
    office.deliver_mail().await;
    office.recipient().delete_confirmed(memo.as_str().unwrap()).await;
    assert_eq!(office.row_counts().await["mails"], 1, "nothing is even written for the others");
    office.deliver_mail().await;
    let taken = office.mail_server().taken();
    assert!(taken.len() == 1 && taken[0].is_to("subscriber"), "{taken:#?}");
    for person in [office.recipient(), office.author()] {
        assert_eq!(crate::writing::notified(person).await.len(), 1, "{}", person.name);
    }

    send(&office, "New tables", &[office.subscriber()]).await;
    choose(office.subscriber(), json!([])).await;
    office.deliver_mail().await;
    assert_eq!(office.mails().len(), 1, "a mail that waited is dropped");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_been_deactivated_meanwhile_gets_no_mail() {
    let office = office().await;
    send(&office, "New chairs", &[office.subscriber()]).await;
    run_for(office.admin(), "deactivateUser", office.recipient()).await;
    office.deliver_mail().await;
    let taken = office.mail_server().taken();
    assert!(taken.len() == 1 && taken[0].is_to("subscriber"), "{taken:#?}");
    run_for(office.admin(), "reactivateUser", office.recipient()).await;
    office.clock.advance(chrono::TimeDelta::hours(12));
    office.deliver_mail().await;
    assert_eq!(office.mails().len(), 1, "what was dropped stays dropped");

    run_for(office.admin(), "deactivateUser", office.author()).await;
    let before = office.row_counts().await["mails"];
    let memo = office.memo().create().await;
    office.recipient().review(&memo.id).await;
    assert_eq!(
        office.row_counts().await["mails"],
        before,
        "and nothing is written for who is inactive"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_without_a_usable_address_gets_no_mail_and_holds_up_nobody() {
    let office = office().await;
    office.sql("UPDATE users SET email = 'nowhere' WHERE username = 'recipient'").await;
    send(&office, "New chairs", &[office.subscriber()]).await;
    office.deliver_mail().await;
    let taken = office.mail_server().taken();
    assert!(taken.len() == 1 && taken[0].is_to("subscriber"), "{taken:#?}");
    office.clock.advance(chrono::TimeDelta::days(1));
    office.deliver_mail().await;
    assert_eq!(office.mail_server().offered(), 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_nothing_is_put_into_the_outbox() {
    let office = Office::open().await;
    let memo = send(&office, "New chairs", &[office.subscriber()]).await;
    office.recipient().review(memo.as_str().unwrap()).await;
    office.recipient().delete_confirmed(memo.as_str().unwrap()).await;
    let rows = office.row_counts().await;
    assert_eq!(rows["mails"], 0);
    assert_eq!(rows["notifications"], 5, "sent, shared, reviewed twice, deleted");
    office.close().await;
}

/// Every kind of notification must have a mail and a test of it. This test fails when a kind is
/// added without them.
#[test]
fn every_kind_of_notification_has_a_mail() {
    use sea_orm::Iterable;
    let known = [
        NotificationKind::MemoSent,
        NotificationKind::MemoShared,
        NotificationKind::MemoReviewed,
        NotificationKind::MemoDeletedByRecipient,
        // erasure.rs has its test.
        NotificationKind::MemoErased,
        NotificationKind::MemosReassigned,
        NotificationKind::TaskAssigned,
        NotificationKind::ProjectAssigned,
        // The job that fires reminders creates this notification.
        NotificationKind::ReminderDue,
    ];
    assert!(NotificationKind::iter().eq(known));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encoded_word_that_somebody_typed_is_read_as_it_was_typed() {
    let office = office().await;
    let mut seen = 0;
    for name in [
        "=?utf-8?q?Fired?=",
        "Neu =?utf-8?b?RmlyZWQ=?= für alle, ein Name, der über mehr als eine Zeile der Kopfzeilen \
         geht",
    ] {
        send(&office, name, &[]).await;
        let subjects = new_subjects(&office, &mut seen, "recipient").await;
        assert_eq!(subjects, [format!("The author sent you the memo \"{name}\"")]);
    }
    office.close().await;
}
