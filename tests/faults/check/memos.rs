//! Checks memos, live and deleted, with their comments, files and events.

use super::stored::{Row, Stored};
use crate::{
    ledger::{Comment, Memo, Step},
    people::{Answer, STRANGER},
    site::Site,
};
use serde_json::json;
use uuid::Uuid;

/// Records what is lost, half done, or was never requested. Decides what was in doubt.
pub(super) fn check(site: &Site, stored: &Stored) {
    let mut expected = 0;
    for (number, memo) in site.ledger.memos().into_iter().enumerate() {
        let ids = stored.names.get(&memo.name).map(Vec::as_slice).unwrap_or_default();
        let found = ids.first().and_then(|id| stored.memos.get(id)).map(|(_, row)| row);
        expected += ids.len();
        match (found, ids) {
            (Some(row), [_]) if memo.id.is_some() || memo.doubtful => {
                for problem in problems(&memo, row) {
                    site.ledger.violated(format!("{:?}: {problem}; {row:?}; {memo:?}", memo.name));
                }
                site.ledger.change(number, |memo| decide(memo, row));
            }
            (None, []) if memo.id.is_none() => site.ledger.change(number, |memo| {
                memo.doubtful = false;
                memo.steps.clear();
            }),
            (None, _) => {
                site.ledger.violated(format!("{:?} was acknowledged, but is lost", memo.name))
            }
            (Some(_), [_]) => site.ledger.violated(format!(
                "{:?} exists, although the server said that nothing was changed",
                memo.name
            )),
            (Some(_), _) => {
                site.ledger.violated(format!("{:?} exists {} times", memo.name, ids.len()))
            }
        }
    }
    if expected != stored.memos.len() {
        site.ledger.violated(format!(
            "{} memos exist that nobody wrote",
            stored.memos.len().abs_diff(expected)
        ));
    }
}

fn problems(memo: &Memo, row: &Row) -> Vec<String> {
    let mut problems = Vec::new();
    let count = |kind: &str| row.events.iter().filter(|event| *event == kind).count();
    if !agree(&memo.steps, &row.events) {
        problems.push("its events differ from what was acknowledged".to_owned());
    }
    if count("SENT") != usize::from(!row.draft) {
        problems.push("its sending is half stored".to_owned());
    }
    if count("STAGE_CHANGED") != usize::from(row.stage == "REVIEWED") {
        problems.push("its review is half stored".to_owned());
    }
    if count("DELETED") != count("RESTORED") + usize::from(row.deleted) {
        problems.push("its deletion is half stored".to_owned());
    }
    if count("COMMENTED") != row.comments.len() {
        problems.push("its comments are half stored".to_owned());
    }
    for Comment { body, sure } in &memo.comments {
        let times = row.comments.iter().filter(|stored| *stored == body).count();
        if times > 1 || (*sure && times == 0) {
            problems.push(format!("{body:?} exists {times} times"));
        }
    }
    if row.comments.iter().any(|body| !memo.comments.iter().any(|comment| comment.body == *body)) {
        problems.push("it has a comment that nobody wrote".to_owned());
    }
    let files: Vec<Uuid> = memo.files.iter().filter_map(|id| file(id)).collect();
    if files.iter().any(|file| !row.files.contains(file))
        || (!memo.doubtful && files.len() != row.files.len())
    {
        problems.push("its files differ from what was acknowledged".to_owned());
    }
    problems
}

fn file(id: &str) -> Option<Uuid> {
    crate::site::uuid_of(api::graphql::Kind::File, id).ok()
}

/// Whether the events are those steps, possibly without some that were not acknowledged.
fn agree(steps: &[Step], events: &[String]) -> bool {
    match (steps.split_first(), events.split_first()) {
        (None, None) => true,
        (None, Some(_)) => false,
        (Some((step, steps)), event) => {
            let happened =
                event.is_some_and(|(event, events)| event == step.kind && agree(steps, events));
            happened || (!step.sure && agree(steps, events))
        }
    }
}

/// If the outcome was in doubt, the stored state counts from now on.
fn decide(memo: &mut Memo, row: &Row) {
    const KINDS: [&str; 6] =
        ["SENT", "UPDATED", "STAGE_CHANGED", "COMMENTED", "DELETED", "RESTORED"];
    if !memo.doubtful {
        return;
    }
    let kinds = row.events.iter().filter_map(|event| KINDS.into_iter().find(|kind| kind == event));
    memo.steps = kinds.map(|kind| Step { kind, sure: true }).collect();
    memo.comments.retain(|comment| row.comments.contains(&comment.body));
    memo.comments.iter_mut().for_each(|comment| comment.sure = true);
    memo.files = row.files.iter().map(|file| api::graphql::Kind::File.id(*file).0).collect();
    memo.id = Some((api::graphql::Kind::Memo.id(row.id).0, row.id));
    memo.doubtful = false;
}

/// Asks the servers for some of them: the author sees the current state, and strangers see nothing.
pub(super) async fn ask(site: &Site, stored: &Stored) {
    let stranger =
        site.people.iter().position(|person| person.username == STRANGER).unwrap_or_default();
    for (server, memo) in
        (0..site.servers.len()).cycle().zip(site.ledger.memos().iter().rev().take(20))
    {
        let Some((id, uuid)) = &memo.id else { continue };
        let Some((_, row)) = stored.memos.get(uuid) else { continue };
        let seen = if row.deleted { json!("DeletedMemo") } else { json!("Memo") };
        for (person, expected) in [(memo.parties.author, seen), (stranger, json!(null))] {
            let query = "query ($id: ID!) { node(id: $id) { __typename } }";
            let mut answer = Answer::NotDone("nobody was asked");
            for _ in 0..20 {
                answer = site.ask((person, server), query, json!({ "id": id }), "node").await;
                if matches!(answer, Answer::Done(_)) {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(250)).await;
            }
            match answer {
                Answer::Done(node) if node["__typename"] == expected => {}
                answer => {
                    // One failure is enough: each of the others would take as long.
                    let name = &memo.name;
                    return site
                        .ledger
                        .violated(format!("{name:?} is shown as {answer:?}, not {expected}"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Row, agree, problems};
    use crate::ledger::{Comment, Memo, Parties, Step};

    fn steps(steps: &[(&'static str, bool)]) -> Vec<Step> {
        steps.iter().map(|(kind, sure)| Step { kind, sure: *sure }).collect()
    }

    fn events(kinds: &[&str]) -> Vec<String> {
        kinds.iter().map(|kind| (*kind).to_owned()).collect()
    }

    #[test]
    fn what_was_acknowledged_happened_and_what_was_in_doubt_may_have() {
        let doubtful = steps(&[("SENT", true), ("COMMENTED", false), ("DELETED", true)]);
        assert!(agree(&doubtful, &events(&["SENT", "COMMENTED", "DELETED"])));
        assert!(agree(&doubtful, &events(&["SENT", "DELETED"])));
        for wrong in [
            &["SENT"][..],
            &["SENT", "DELETED", "COMMENTED"],
            &["SENT", "COMMENTED", "COMMENTED", "DELETED"],
            &["SENT", "COMMENTED", "DELETED", "RESTORED"],
            &["COMMENTED", "DELETED"],
        ] {
            assert!(!agree(&doubtful, &events(wrong)), "{wrong:?}");
        }
    }

    #[test]
    fn what_is_lost_or_half_done_is_found() {
        let comment = || "Soon.".to_owned();
        let memo = Memo {
            name: "New chairs".to_owned(),
            parties: Parties { author: 0, recipient: 1, subscriber: 2 },
            id: None,
            sent: true,
            reviewed: false,
            deleted: true,
            record: None,
            comments: vec![Comment { body: comment(), sure: true }],
            files: Vec::new(),
            steps: steps(&[("SENT", true), ("COMMENTED", true), ("DELETED", true)]),
            doubtful: false,
        };
        let row = Row {
            deleted: true,
            stage: "PENDING".to_owned(),
            comments: vec![comment()],
            events: events(&["SENT", "COMMENTED", "DELETED"]),
            ..Row::default()
        };
        assert_eq!(problems(&memo, &row), Vec::<String>::new());
        for wrong in [
            Row { deleted: false, ..row.clone() },
            Row { draft: true, ..row.clone() },
            Row { stage: "REVIEWED".to_owned(), ..row.clone() },
            Row { comments: Vec::new(), ..row.clone() },
            Row { comments: vec![comment(), comment()], ..row.clone() },
            Row { files: vec![uuid::Uuid::nil()], ..row.clone() },
            Row { events: events(&["SENT", "COMMENTED"]), ..row.clone() },
        ] {
            assert!(!problems(&memo, &wrong).is_empty(), "{wrong:?}");
        }
    }
}
