//! Delivery of mails: at least once, exactly once as long as the mail server answers, and not for
//! ever.

use crate::mail::{office, send};
use api::{
    backend::Backend,
    http::Limits,
    server::{Server, ServerConfig},
    settings::Schedule,
};
use chrono::TimeDelta;
use entity::mail::Model as Mail;
use memoranda_tests::{Office, OnMessage, open};
use sea_orm::EntityTrait;
use service::{Services, mail};
use std::time::Duration;

/// The only mail in the outbox.
async fn outbox(office: &Office) -> Mail {
    let mut mails =
        entity::mail::Entity::find().all(office.services.database.connection()).await.unwrap();
    assert_eq!(mails.len(), 1, "{mails:#?}");
    mails.remove(0)
}

/// Lets time pass, and delivers what is due then. Returns how many messages the mail server
/// received in total.
async fn after(office: &Office, time: TimeDelta) -> usize {
    office.clock.advance(time);
    office.deliver_mail().await;
    office.mail_server().offered()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_delivered_once_and_its_text_is_not_kept() {
    let office = office().await;
    send(&office, "New chairs", &[]).await;
    assert_eq!(office.mail_server().offered(), 0, "the mail waits in the outbox");
    assert_eq!(outbox(&office).await.subject_name.as_deref(), Some("New chairs"));
    assert_eq!(after(&office, TimeDelta::zero()).await, 1);
    let row = outbox(&office).await;
    assert_eq!((row.sent_at, row.subject_name), (Some(office.services.now()), None));
    assert_eq!(after(&office, TimeDelta::days(2)).await, 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_for_the_time_being_is_tried_again_after_a_minute_and_twice_as_long_each_time() {
    let office = office().await;
    send(&office, "New chairs", &[]).await;
    office.mail_server().plan([OnMessage::Refuse(451), OnMessage::Break, OnMessage::Refuse(421)]);
    assert_eq!(after(&office, TimeDelta::zero()).await, 1);
    assert!(outbox(&office).await.last_error.unwrap().contains("Not this one"));
    assert_eq!(after(&office, TimeDelta::seconds(59)).await, 1, "not before a minute");
    assert_eq!(after(&office, TimeDelta::seconds(1)).await, 2);
    assert_eq!(after(&office, TimeDelta::seconds(119)).await, 2, "not before two more");
    assert_eq!(after(&office, TimeDelta::seconds(1)).await, 3);
    assert_eq!(after(&office, TimeDelta::seconds(239)).await, 3, "not before four more");
    assert_eq!(office.mails().len(), 0);
    assert_eq!(after(&office, TimeDelta::seconds(1)).await, 4);
    assert_eq!(office.mails().len(), 1);
    let row = outbox(&office).await;
    assert_eq!((row.attempts, row.last_error, row.sent_at), (4, None, Some(office.services.now())));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_takes_its_time_keeps_no_other_waiting() {
    const MAILS: usize = 12;
    let office = office().await;
    for _ in 0..MAILS {
        send(&office, "New chairs", &[]).await;
    }
    let held = office.mail_server().hold();
    let others = async {
        while office.mail_server().offered() < MAILS {
            tokio::task::yield_now().await;
        }
        let connection = office.services.database.connection();
        let mails = entity::mail::Entity::find().all(connection).await.unwrap();
        let waiting: Vec<_> = mails.iter().filter(|mail| mail.sent_at.is_none()).collect();
        assert!(
            waiting.iter().all(|mail| (mail.attempts, &mail.last_error) == (1, &None)),
            "{waiting:#?}"
        );
        drop(held);
    };
    tokio::join!(office.deliver_mail(), others);
    assert_eq!(office.mails().len(), MAILS);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_nobody_takes_is_given_up_after_three_days() {
    let office = office().await;
    send(&office, "New chairs", &[]).await;
    office.mail_server().plan([OnMessage::Refuse(451); 100]);
    let mut waits = Vec::new();
    let begun = office.services.now();
    office.deliver_mail().await;
    while outbox(&office).await.given_up_at.is_none() {
        let wait = outbox(&office).await.next_attempt_at - office.services.now();
        waits.push(wait.num_minutes());
        after(&office, wait).await;
    }
    assert_eq!(waits[..10], [1, 2, 4, 8, 16, 32, 64, 128, 256, 360]);
    assert!(waits[10..].iter().all(|wait| *wait == 360), "{waits:?}");
    let lasted = office.services.now() - begun;
    assert!(lasted <= mail::GIVE_UP_AFTER && lasted > TimeDelta::hours(66), "{lasted}");
    assert_eq!(outbox(&office).await.subject_name, None, "its text is not kept");
    let offered = office.mail_server().offered();
    assert_eq!(after(&office, TimeDelta::days(4)).await, offered);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_for_good_is_not_tried_again_and_holds_up_nobody() {
    let office = office().await;
    send(&office, "New chairs", &[]).await;
    office.mail_server().plan([OnMessage::Refuse(550)]);
    assert_eq!(after(&office, TimeDelta::zero()).await, 1);
    let row = outbox(&office).await;
    assert_eq!((row.given_up_at, row.subject_name), (Some(office.services.now()), None));
    assert_eq!(after(&office, TimeDelta::days(1)).await, 1);
    send(&office, "New tables", &[]).await;
    assert_eq!(after(&office, TimeDelta::zero()).await, 2);
    assert_eq!(office.mails().len(), 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_account_is_put_right_by_an_operator_and_costs_no_mail() {
    let office = office().await;
    send(&office, "New chairs", &[]).await;
    office.mail_server().plan([OnMessage::Refuse(530), OnMessage::Refuse(535)]);
    after(&office, TimeDelta::zero()).await;
    after(&office, TimeDelta::minutes(1)).await;
    assert_eq!(after(&office, TimeDelta::minutes(2)).await, 3);
    assert_eq!(office.mails().len(), 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_answer_is_lost_the_mail_is_repeated_under_the_same_message_id() {
    let office = office().await;
    send(&office, "New chairs", &[]).await;
    office.mail_server().plan([OnMessage::TakeAndBreak]);
    assert_eq!(after(&office, TimeDelta::zero()).await, 1);
    assert_eq!(after(&office, TimeDelta::minutes(1)).await, 2);
    let taken = office.mail_server().taken();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0].message_id, taken[1].message_id);
    assert_eq!(after(&office, TimeDelta::days(1)).await, 2);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_dies_after_sending_repeats_it_after_the_lease_under_the_same_message_id() {
    let office = office().await;
    send(&office, "New chairs", &[]).await;
    office.observe(Some(Box::new(|statement| {
        assert!(
            !statement.sql.starts_with("UPDATE \"mails\" SET \"sent_at\""),
            "the process dies here"
        );
    })));
    let (services, mailer) = (office.services.clone(), office.another_mailer());
    let died = tokio::spawn(async move { mail::deliver_due(&services, &mailer).await }).await;
    assert!(died.unwrap_err().is_panic());
    office.observe(None);
    assert_eq!(office.mails().len(), 1, "the mail server has it");
    assert_eq!(outbox(&office).await.sent_at, None, "and nobody noted it");

    assert_eq!(
        after(&office, mail::LEASE - TimeDelta::seconds(1)).await,
        1,
        "it may still be at work"
    );
    assert_eq!(after(&office, TimeDelta::seconds(1)).await, 2);
    let taken = office.mail_server().taken();
    assert_eq!(taken[0].message_id, taken[1].message_id);
    assert_eq!(after(&office, TimeDelta::days(1)).await, 2);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_at_once_send_each_mail_once() {
    const MAILS: usize = 60;
    let office = office().await;
    for n in 0..MAILS / 2 {
        send(&office, &format!("Memo {n}"), &[office.subscriber()]).await;
    }
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let database = open(&office.database().url).await;
        let services = Services { database, ..office.services.clone() };
        let mailer = office.another_mailer();
        workers.spawn(async move { mail::deliver_due(&services, &mailer).await });
    }
    while let Some(ended) = workers.join_next().await {
        ended.unwrap().unwrap();
    }
    // If one process holds a mail when another looks, the first one sends it, or the next round
    // does.
    office.deliver_mail().await;
    let taken = office.mail_server().taken();
    let ids: std::collections::HashSet<&str> =
        taken.iter().map(|mail| mail.message_id.as_str()).collect();
    assert_eq!((taken.len(), ids.len()), (MAILS, MAILS));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn news_that_waited_too_long_for_a_mail_server_is_not_sent() {
    let office = office().await;
    send(&office, "New chairs", &[]).await;
    assert_eq!(after(&office, mail::GIVE_UP_AFTER + TimeDelta::seconds(1)).await, 0);
    assert_eq!(outbox(&office).await.given_up_at, Some(office.services.now()));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_or_given_up_is_removed_after_a_week_and_what_waits_is_not() {
    let office = office().await;
    office.mail_server().plan([OnMessage::Refuse(550)]);
    send(&office, "New chairs", &[]).await;
    office.deliver_mail().await;
    send(&office, "New tables", &[]).await;
    office.deliver_mail().await;
    send(&office, "New lamps", &[]).await;
    office.clock.advance(TimeDelta::days(7));
    assert_eq!(office.purger.mails().await.unwrap(), 0);
    office.clock.advance(TimeDelta::seconds(1));
    let before = office.row_counts().await;
    assert_eq!(office.purger.mails().await.unwrap(), 2);
    let change = memoranda_tests::difference(&before, &office.row_counts().await);
    assert_eq!(change, [("mails".to_owned(), -2)].into());
    assert_eq!(outbox(&office).await.subject_name.as_deref(), Some("New lamps"));
    office.close().await;
}

/// Waits until the mail server has received that many messages.
async fn offered(office: &Office, count: usize) {
    let waiting = async {
        while office.mail_server().offered() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting).await.expect("the mails are sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_sends_what_it_finds_and_what_comes_and_finishes_its_work_when_it_stops() {
    let office = office().await;
    send(&office, "New chairs", &[]).await;
    let database = open(&office.database().url).await;
    let config = ServerConfig {
        listen: ([127, 0, 0, 1], 0).into(),
        backend: Backend {
            services: Services { database, ..office.services.clone() },
            ..office.backend.clone()
        },
        keys: office.keys.clone(),
        sign_in: api::auth::SignInSettings::default(),
        limits: Limits::default(),
        schedule: Schedule { purge_every: None, reminders_every: None, ..Schedule::defaults() },
        observes_time_every: None,
        indexes_every: None,
        mailer: Some(office.another_mailer()),
        ledger: None,
        demo_people: Vec::new(),
    };
    let server = Server::bind(config, None).await.unwrap();
    let mut author = office.author().clone();
    author.address = format!("http://{}", server.address());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stopped = async move {
        let _ = stopped.await;
    };
    let running = tokio::spawn(server.run(stopped, std::future::pending()));
    offered(&office, 1).await;
    let held = office.mail_server().hold();
    let input = serde_json::json!({ "name": "New tables",
        "recipientId": crate::writing::user(office.recipient()) });
    crate::writing::act(&author, "createMemo", input).await;
    offered(&office, 2).await;
    stop.send(()).unwrap();
    while tokio::net::TcpStream::connect(author.address.trim_start_matches("http://")).await.is_ok()
    {
        tokio::task::yield_now().await;
    }
    assert!(!running.is_finished(), "it waits for the mail server's answer");
    drop(held);
    running.await.unwrap().unwrap();
    assert_eq!(office.mails().len(), 2);
    office.deliver_mail().await;
    assert_eq!(office.mail_server().offered(), 2, "both are noted as sent");
    office.close().await;
}
