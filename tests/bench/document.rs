//! The cost of the pipeline of documents: the same request with it and without it, in one thread
//! and without a database. The client is anonymous, so no resolver runs. What remains is parsing,
//! checking, merging, execution by the library and completion.

use crate::{
    Result,
    operations::{DELETION, INBOX, PREVIEW},
};
use api::{
    document::{DocumentLimits, DocumentPipeline},
    graphql::{CUSTOM_SCALARS, CurrentPerson, build, build_alone, execute, sdl},
    http::Limits,
};
use async_graphql::{Request, Response, Value};
use serde_json::json;
use std::{fmt::Write, hint::black_box, time::Instant};

/// Requests per batch, and number of batches. The fastest batch counts, because the others were
/// interrupted.
const REQUESTS: usize = 2_000;
const BATCHES: usize = 5;

/// A table of microseconds per request.
///
/// # Errors
/// The schema or a document is refused.
pub(crate) async fn measure() -> Result<String> {
    let door = DocumentPipeline::new(&sdl(), CUSTOM_SCALARS, DocumentLimits::default())?;
    let behind = build(&Limits::default());
    // The library's default: it parses and validates each request itself.
    let alone = build_alone();
    let id = "memo_01h455vb4pex5vsknk084sn02q";
    let documents = [
        ("inbox", INBOX, json!({})),
        ("preview", PREVIEW, json!({ "id": id })),
        ("deletion", DELETION, json!({ "input": { "memoId": id, "confirmationToken": null } })),
    ];
    let mut table = String::from(
        "pipeline of documents, microseconds per request in one thread; the client is anonymous, \
         so no resolver runs\n\n\
         request      library alone  cached document         new document             \
         completing 20 memos\n",
    );
    for (name, text, variables) in documents {
        let request = |text: &str| {
            Request::new(text)
                .variables(async_graphql::Variables::from_json(variables.clone()))
                .data(CurrentPerson(None))
        };
        let mut without = f64::MAX;
        for _ in 0..BATCHES {
            let start = Instant::now();
            for _ in 0..REQUESTS {
                black_box(execute(&alone, request(text)).await);
            }
            without = without.min(micros(start));
        }
        let (mut repeated, mut new) = (f64::MAX, f64::MAX);
        for batch in 0..BATCHES {
            let start = Instant::now();
            for _ in 0..REQUESTS {
                let prepared = prepare(&door, text, &variables)?;
                let answer = execute(&behind, prepared.request().data(CurrentPerson(None))).await;
                black_box(prepared.complete(answer));
            }
            repeated = repeated.min(micros(start));
            let texts: Vec<String> =
                (0..REQUESTS).map(|n| format!("{text} # {batch} {n}")).collect();
            let start = Instant::now();
            for text in &texts {
                let prepared = prepare(&door, text, &variables)?;
                let answer = execute(&behind, prepared.request().data(CurrentPerson(None))).await;
                black_box(prepared.complete(answer));
            }
            new = new.min(micros(start));
        }
        let shaping =
            if name == "inbox" { format!("{:.0}", shaping(&door)?) } else { String::new() };
        let line =
            format!("{name:<12} {without:>13.0} {repeated:>16.0} {new:>20.0}   {shaping:>29}");
        writeln!(table, "{}", line.trim_end())?;
    }
    Ok(table)
}

fn micros(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e6 / REQUESTS as f64
}

fn prepare(
    door: &DocumentPipeline,
    text: &str,
    variables: &serde_json::Value,
) -> Result<api::document::PreparedOperation> {
    door.prepare(text, None, variables.clone()).map_err(|refusals| {
        refusals.into_iter().next().map_or_else(String::new, |refusal| refusal.message).into()
    })
}

/// The cost of bringing an inbox of 20 memos into the order of its selection.
fn shaping(door: &DocumentPipeline) -> Result<f64> {
    let prepared = prepare(door, INBOX, &json!({}))?;
    let person = json!({ "id": "user_01h455vb4pex5vsknk084sn02q", "fullName": "Amelia Hartley" });
    let memo = json!({
        "task": null, "subscribers": [person, person, person], "tags": [{ "name": "Office" }],
        "recipient": person, "author": person, "createdAt": "2026-03-02T09:00:00+00:00",
        "stage": "PENDING", "name": "Order new chairs for the meeting room",
        "id": "memo_01h455vb4pex5vsknk084sn02q",
    });
    let page = json!({ "nodes": vec![memo; 20] });
    let data = Value::from_json(json!({ "memos": page }))?;
    let mut fastest = f64::MAX;
    for _ in 0..BATCHES {
        let answers: Vec<Response> = (0..REQUESTS).map(|_| Response::new(data.clone())).collect();
        let start = Instant::now();
        for answer in answers {
            black_box(prepared.complete(answer));
        }
        fastest = fastest.min(micros(start));
    }
    Ok(fastest)
}
