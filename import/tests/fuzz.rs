//! Damaged dumps: fields missing, wrong types, the file cut off. There is a report or a refusal,
//! never a panic, and never a part of a memo.

use crate::{here::Here, there::dump};
use import::{ImportError, Options};
use serde_json::{Value as Json, json};

/// A generator of numbers, the same for a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        // The constants of Knuth's MMIX.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn value(&mut self) -> Json {
        match self.below(9) {
            0 => Json::Null,
            1 => json!(-1),
            2 => json!(i64::MAX),
            3 => json!(1.5),
            4 => json!("\u{0}"),
            5 => json!(["nobody"]),
            6 => json!({ "a": [1, { "b": null }] }),
            7 => json!(true),
            _ => json!("x".repeat(300)),
        }
    }
}

fn damage(objects: &mut Vec<Json>, random: &mut Random) {
    for _ in 0..12 {
        let n = random.below(objects.len());
        let fields = objects[n]["fields"].as_object().map(serde_json::Map::len).unwrap_or_default();
        match random.below(7) {
            0 => objects[n] = random.value(),
            1 => {
                let key = ["model", "pk", "fields"][random.below(3)];
                if let Some(object) = objects[n].as_object_mut() {
                    object.remove(key);
                }
            }
            2 => {
                let key = ["model", "pk", "fields"][random.below(3)];
                let value = random.value();
                if let Some(object) = objects[n].as_object_mut() {
                    object.insert(key.to_owned(), value);
                }
            }
            3 => {
                let copy = objects[n].clone();
                objects.push(copy);
            }
            _ if fields == 0 => {}
            damage => {
                let (at, value) = (random.below(fields), random.value());
                let fields = objects[n]["fields"].as_object_mut().unwrap();
                let key = fields.keys().nth(at).unwrap().clone();
                if damage == 4 {
                    fields.remove(&key);
                } else {
                    fields.insert(key, value);
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_dump_is_reported_or_refused() {
    let whole: Vec<Json> = serde_json::from_slice(&std::fs::read(dump()).unwrap()).unwrap();
    let mut memos = 0;
    for seed in 0..24 {
        let mut random = Random(seed);
        let mut objects = whole.clone();
        damage(&mut objects, &mut random);
        let here = Here::open().await;
        let path = here.folder().join("dump.json");
        let mut text = serde_json::to_vec(&objects).unwrap();
        if seed % 6 == 5 {
            text.truncate(random.below(text.len()));
        }
        std::fs::write(&path, text).unwrap();
        let options = Options::new(path.display().to_string());
        match here.try_import(&options).await {
            Ok(report) => {
                for counts in report.tables() {
                    assert!(counts.counts.is_balanced(), "seed {seed}: {counts:#?}");
                }
            }
            Err(ImportError::Refused(text)) => assert!(text.contains("--from"), "{seed}: {text}"),
            Err(error) => panic!("seed {seed}: {error}"),
        }
        let parts = "SELECT count(*) FROM memos m WHERE m.comment_count
            <> (SELECT count(*) FROM comments c WHERE c.memo_id = m.id)";
        assert_eq!(here.number(parts).await, 0, "seed {seed}");
        memos += here.number("SELECT count(*) FROM memos").await;
        here.close().await;
    }
    assert!(memos > 20 * 25, "most of the memos are imported: {memos}");
}
