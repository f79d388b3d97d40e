//! What people do all the time. Each worker has its own memos, and acts as all people of these
//! memos.

use crate::{
    chance::Chance,
    ledger::{Comment, Memo, Parties, Step, Upload},
    people::{Answer, MEMBERS},
    requests::{self, CREATE, Request, Settled, settle},
    site::{Site, uuid_of},
};
use api::graphql::Kind;
use serde_json::{Value, json};
use std::sync::Arc;

/// How many memos a worker uses at a time.
const IN_HAND: usize = 4;
/// After so many steps, a new memo replaces a memo.
const LONGEST_LIFE: usize = 9;

/// Works until the program ends, and pauses while people must not work.
pub(crate) async fn work(site: Arc<Site>, mut chance: Chance, name: String) {
    let mut load = site.load.subscribe();
    let (mut memos, mut number) = (Vec::new(), 0);
    loop {
        while !*load.borrow_and_update() {
            if load.changed().await.is_err() {
                return;
            }
        }
        let busy = site.works();
        if *site.load.borrow() {
            if memos.len() < IN_HAND {
                number += 1;
                let server = chance.below(site.servers.len());
                let written = write(&site, &mut chance, server, &format!("{name} {number}")).await;
                memos.extend(written);
            } else {
                let at = chance.below(memos.len());
                if let Some(memo) =
                    memos.get(at).and_then(|number| Some((*number, site.ledger.memo(*number)?)))
                {
                    go_on(&site, &mut chance, memo).await;
                }
                memos.retain(|number| {
                    let memo = site.ledger.memo(*number);
                    memo.is_some_and(|memo| !memo.doubtful && memo.steps.len() < LONGEST_LIFE)
                });
            }
        }
        drop(busy);
        tokio::time::sleep(chance.millis(2, 25)).await;
    }
}

/// Writes a memo, sometimes with a file. Returns its number if it exists.
pub(crate) async fn write(
    site: &Site,
    chance: &mut Chance,
    server: usize,
    name: &str,
) -> Option<usize> {
    let parties = some_parties(chance);
    let mut files = Vec::new();
    if chance.one_in(3) {
        files.extend(upload(site, parties.author, server, name, chance).await);
    }
    let sent = !chance.one_in(4);
    let (number, input) = intend(site, parties, name, sent, files)?;
    let request = Request::new(parties.author, CREATE, input, "createMemo");
    match settle(site, chance, &request, Some(server), false).await {
        Settled::Done(payload) => {
            let id = payload["memo"]["id"].as_str().unwrap_or_default().to_owned();
            let uuid = uuid_of(Kind::Memo, &id).ok()?;
            site.ledger.acknowledged();
            site.ledger.change(number, |memo| {
                memo.id = Some((id, uuid));
                memo.doubtful = false;
                memo.steps.iter_mut().for_each(|step| step.sure = true);
            });
            Some(number)
        }
        Settled::Doubtful => None,
        Settled::NotDone => {
            site.ledger.change(number, |memo| {
                memo.doubtful = false;
                memo.steps.clear();
            });
            None
        }
        Settled::Refused(codes) => {
            site.ledger.violated(format!("{name:?} could not be written: {codes:?}"));
            None
        }
    }
}

/// Three different people.
pub(crate) fn some_parties(chance: &mut Chance) -> Parties {
    let mut people: Vec<usize> = (0..MEMBERS.len()).collect();
    chance.shuffle(&mut people);
    let mut people = people.into_iter();
    let mut next = || people.next().unwrap_or_default();
    Parties { author: next(), recipient: next(), subscriber: next() }
}

/// Remembers a memo before it is written, because it may exist even without an answer. Returns its
/// number, and the input for it.
pub(crate) fn intend(
    site: &Site,
    parties: Parties,
    name: &str,
    sent: bool,
    files: Vec<String>,
) -> Option<(usize, Value)> {
    let [recipient, subscriber] =
        [parties.recipient, parties.subscriber].map(|person| site.people.get(person));
    let input = json!({
        "name": name, "description": "What people write to each other. ".repeat(8), "draft": !sent,
        "recipientId": recipient?.id, "subscriberIds": [subscriber?.id], "fileIds": files,
    });
    let kind = if sent { "SENT" } else { "UPDATED" };
    let memo = Memo {
        name: name.to_owned(),
        parties,
        id: None,
        sent,
        reviewed: false,
        deleted: false,
        record: None,
        comments: Vec::new(),
        files,
        steps: vec![Step { kind, sure: false }],
        doubtful: true,
    };
    Some((site.ledger.add(memo), input))
}

/// Uploads a file. Some files have the same content as others.
async fn upload(
    site: &Site,
    owner: usize,
    server: usize,
    name: &str,
    chance: &mut Chance,
) -> Option<String> {
    let content = if chance.one_in(4) {
        format!("What many have: {}", chance.below(3))
    } else {
        format!("What {name} is about: {}", chance.below(1 << 30))
    };
    let (person, server) = (site.people.get(owner)?, site.servers.get(server)?);
    match site.count(site.client.upload(server.address, &person.token, &content).await) {
        Answer::Done(id) => {
            let id = id.as_str()?.to_owned();
            site.ledger.acknowledged();
            site.ledger.uploaded(Upload { id: id.clone(), content, owner });
            Some(id)
        }
        _ => None,
    }
}

/// Takes an action that the memo allows.
async fn go_on(site: &Site, chance: &mut Chance, (number, memo): (usize, Memo)) {
    let Some((id, _)) = memo.id.clone() else { return };
    let Parties { author, recipient, subscriber } = memo.parties;
    if memo.deleted {
        return requests::restore(site, chance, number, &memo).await;
    }
    if chance.one_in(4) {
        let person = if memo.reviewed { recipient } else { author };
        return requests::delete(site, chance, (number, &id), person).await;
    }
    if !memo.sent {
        let request = Request::on(author, requests::SEND, json!({ "memoId": id }), "sendMemo");
        return requests::change(site, chance, number, (&request, "SENT"), |memo, _| {
            memo.sent = true
        })
        .await;
    }
    match chance.below(4) {
        0 if !memo.reviewed => {
            let request =
                Request::on(recipient, requests::REVIEW, json!({ "memoId": id }), "reviewMemo");
            let reviewed = |memo: &mut Memo, _: Option<&Value>| memo.reviewed = true;
            requests::change(site, chance, number, (&request, "STAGE_CHANGED"), reviewed).await;
        }
        1 => {
            let server = chance.below(site.servers.len());
            let Some(file) = upload(site, author, server, &memo.name, chance).await else { return };
            let input = json!({ "targetId": id, "fileIds": [file] });
            let request = Request::on(author, requests::ATTACH, input, "attachFiles");
            let attached = |memo: &mut Memo, done: Option<&Value>| {
                if done.is_some() {
                    memo.files.push(file);
                }
            };
            requests::change(site, chance, number, (&request, "UPDATED"), attached).await;
        }
        _ => {
            let person = *chance.pick(&[author, recipient, subscriber]).unwrap_or(&author);
            let body = format!("Comment {} on {}", memo.comments.len(), memo.name);
            let input = json!({ "memoId": id, "body": body });
            let request = Request::new(person, requests::COMMENT, input, "addComment");
            let commented = |memo: &mut Memo, done: Option<&Value>| {
                memo.comments.push(Comment { body, sure: done.is_some() });
            };
            requests::change(site, chance, number, (&request, "COMMENTED"), commented).await;
        }
    }
}
