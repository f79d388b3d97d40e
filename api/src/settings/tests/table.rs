//! Tests of the table and of the documents that come from it.

use crate::{
    auth::SignInSettings,
    settings::{
        accepts::Accepts,
        file,
        groups::SERVING,
        reference::{reference, template},
        table::{
            all,
            files::FILE_STORE,
            in_file,
            limits::{Limits, MAX_DEPTH},
            observability::{LOG, LOG_FORMAT, OTLP_SAMPLE_RATIO},
            rates::RateLimits,
            schedule::{PURGE_EVERY, RESTORABLE_DAYS, Schedule},
            server::{CONFIG, LISTEN},
            tokens::{JWT_AUDIENCE, JWT_ISSUER},
        },
        values::Values,
    },
};
use service::database::DatabaseSettings;
use std::{collections::HashSet, path::Path, time::Duration};

#[test]
fn keys_and_variables_have_the_same_words() {
    assert_eq!(CONFIG.row.variable(), "MEMORANDA_CONFIG");
    assert_eq!(MAX_DEPTH.row.variable(), "MEMORANDA_MAX_DEPTH");
    let mut keys = HashSet::new();
    for row in all() {
        let is_key = row.key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        assert!(is_key && keys.insert(row.key), "{} is no key of its own", row.key);
        assert!(
            !row.help().is_empty() && !row.accepts.to_string().is_empty(),
            "{} lacks a text",
            row.key
        );
    }
}

#[test]
fn defaults_are_values() {
    let values = Values::default();
    values.read::<DatabaseSettings>().unwrap();
    values.read::<Limits>().unwrap();
    values.get(&LISTEN).unwrap();
    values.get(&RESTORABLE_DAYS).unwrap();
    values.get(&PURGE_EVERY).unwrap();
    values.get(&FILE_STORE).unwrap();
    values.get(&JWT_ISSUER).unwrap();
    values.get(&JWT_AUDIENCE).unwrap();
    values.get(&LOG).unwrap();
    values.get(&LOG_FORMAT).unwrap();
    values.get(&OTLP_SAMPLE_RATIO).unwrap();
    values.read::<Schedule>().unwrap();
    values.read::<SignInSettings>().unwrap();
    for row in all() {
        let Some(default) = row.default() else { continue };
        match row.accepts {
            Accepts::Whole { .. } => assert!(row.accepts.number(&default).is_some(), "{}", row.key),
            Accepts::OneOf(words) => assert!(words.contains(&default.as_str()), "{}", row.key),
            Accepts::Ratio | Accepts::Text { .. } => {}
        }
    }
}

#[test]
fn a_struct_without_settings_has_the_defaults_of_its_rows() {
    let (limits, schedule) = (Limits::default(), Schedule::defaults());
    assert_eq!((limits.max_depth, limits.document.max_tokens), (16, 20_000));
    assert_eq!((limits.max_body_bytes, limits.max_storage_bytes), (1_048_576, None));
    assert_eq!(limits.clients.header_timeout, Duration::from_secs(10));
    assert_eq!(schedule.purge_every, Some(Duration::from_secs(3_600)));
    // Tests may send any number of requests; servers have limits.
    assert_eq!(limits.rates, RateLimits { operations_per_person: 0, ..limits.rates });
    let limits = Values::default().read::<Limits>().unwrap();
    assert_eq!(limits.rates, RateLimits::defaults());
    assert_eq!(limits.rates.mutations_per_person, 300);
    assert_eq!(format!("{:?}", Values::default().read::<Schedule>().unwrap()), {
        format!("{:?}", Schedule::defaults())
    });
}

#[test]
fn the_sample_file_holds_every_setting_and_its_default() {
    let template = template();
    assert!(template.lines().all(|line| line.chars().count() <= 100), "{template}");
    let parsed = file::parse(Path::new("sample.toml"), &template).unwrap();
    assert!(parsed.is_empty(), "every setting is commented out");
    let used: Vec<String> = template
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
        .map(str::to_owned)
        .collect();
    let values = file::parse(Path::new("sample.toml"), &used.join("\n")).unwrap();
    assert_eq!(values.len(), in_file().count());
    for (key, value) in values {
        let row = in_file().find(|row| row.key == key).unwrap();
        assert_eq!(value.text, row.default().unwrap_or_default(), "{key}");
    }
}

#[test]
fn the_page_of_settings_is_the_one_that_is_committed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/settings.md");
    let committed = std::fs::read_to_string(path).unwrap();
    assert_eq!(committed, reference(), "run `just generate`, and review docs/settings.md");
    assert_eq!(SERVING.len(), reference().matches("\n## ").count());
}
