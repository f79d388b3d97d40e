//! How long a key is kept.

use super::creation::{CREATIONS, named, replay_of};
use chrono::TimeDelta;
use entity::idempotency_key::{ActiveModel, Entity};
use memoranda_tests::{Office, codes};
use sea_orm::{EntityTrait, Set};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_free_after_a_day_and_then_removed() {
    let office = Office::open().await;
    let person = office.admin();
    for creation in CREATIONS {
        let input = creation.input_with(&office, person, creation.mutation).await;
        creation.create(&office, person, &input).await;
    }
    let keys = i64::try_from(CREATIONS.len()).unwrap();
    assert_eq!(office.purger.idempotency_keys().await.unwrap(), 0);
    office.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
    assert_eq!(office.purger.idempotency_keys().await.unwrap(), 0);
    let tag = named("createTag");
    let another = tag.input_with(&office, person, tag.mutation).await;
    let refused = tag.create_nothing(&office, person, &another).await;
    assert_eq!(codes(&refused), ["IDEMPOTENCY_MISMATCH"]);
    assert_eq!(office.row_counts().await["idempotency_keys"], keys);

    office.clock.advance(TimeDelta::seconds(1));
    // The expired key is used again before it is removed.
    let payload = tag.create(&office, person, &another).await;
    let repeated = tag.create_nothing(&office, person, &another).await;
    assert_eq!(repeated, replay_of(&payload));
    let removed = office.purger.idempotency_keys().await.unwrap();
    assert_eq!(removed, keys.cast_unsigned() - 1, "the key that is used again stays");
    assert_eq!(office.row_counts().await["idempotency_keys"], 1);
    for creation in CREATIONS.into_iter().filter(|creation| creation.mutation != tag.mutation) {
        let input = creation.input_with(&office, person, creation.mutation).await;
        creation.create(&office, person, &input).await;
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_keys_are_removed_in_portions() {
    let office = Office::open().await;
    let person = office.author().id;
    for portion in 0..5 {
        let rows = (0..500).map(|number| ActiveModel {
            user_id: Set(person),
            key: Set(format!("{portion}-{number}")),
            verb: Set("CreateTag".to_owned()),
            input_sha256: Set("0".repeat(64)),
            created_id: Set(person),
            created_at: Set(office.services.now()),
        });
        let insert = Entity::insert_many(rows);
        insert.exec_without_returning(office.services.database.connection()).await.unwrap();
    }
    office.purger.observe().await.unwrap();
    office.clock.advance(TimeDelta::hours(24));
    let deletions = Arc::new(AtomicU32::new(0));
    let counted = deletions.clone();
    office.observe(Some(Box::new(move |statement| {
        if statement.sql.starts_with("DELETE FROM idempotency_keys") {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    })));
    assert_eq!(office.purger.idempotency_keys().await.unwrap(), 2_500);
    office.observe(None);
    assert_eq!(deletions.load(Ordering::SeqCst), 3);
    assert_eq!(office.row_counts().await["idempotency_keys"], 0);
    office.close().await;
}
