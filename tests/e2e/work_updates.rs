//! Changing tasks and projects, and their people.

use crate::work::{TWINS, Twin, names, notified, user};
use memoranda_tests::{Actor, Office, codes};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn what_an_update_leaves_out_stays_and_what_is_null_is_cleared() {
    let office = Office::open().await;
    for twin in TWINS {
        let id = twin.given_to_the_stranger(&office).await;
        let stranger = office.stranger();
        let before = twin.read(stranger, &id).await;
        let same = twin.update(stranger, &id, json!({})).await;
        assert_eq!(same["work"], before);
        let renamed = twin
            .update(stranger, &id, json!({ "name": "Paint the doors", "status": "IN_PROGRESS" }))
            .await;
        let mut expected = before.clone();
        expected["name"] = json!("Paint the doors");
        expected["status"] = json!("IN_PROGRESS");
        assert_eq!(renamed["work"], expected);
        let cleared = twin
            .update(
                stranger,
                &id,
                json!({ "description": null, "dueDate": null, "subscriberIds": null }),
            )
            .await;
        (expected["description"], expected["dueDate"], expected["subscribers"]) =
            (json!(""), Value::Null, json!([]));
        assert_eq!(cleared["work"], expected);
        for field in ["name", "status", "responsibleIds"] {
            let refused =
                twin.update(stranger, &id, json!({ field: null, "description": "x" })).await;
            assert_eq!(codes(&refused), ["INVALID_INPUT"], "{field}");
            assert_eq!(refused["userErrors"][0]["field"], json!(["input", field]));
        }
        assert_eq!(twin.read(stranger, &id).await, expected);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_work_are_replaced_as_a_whole_and_who_is_newly_responsible_is_told() {
    let office = Office::open().await;
    for twin in TWINS {
        let id = twin.given_to_the_stranger(&office).await;
        let before = notified(office.author()).await.len();
        let both = json!({ "responsibleIds": [user(office.author()), user(office.stranger()),
            user(office.author())] });
        let changed = twin.update(office.stranger(), &id, both.clone()).await;
        assert_eq!(changed["work"]["responsible"], names(&["author", "stranger"]));
        assert_eq!(changed["work"]["subscribers"], names(&["subscriber"]));
        twin.update(office.stranger(), &id, both).await;
        let news = notified(office.author()).await;
        assert_eq!(news.len(), before + 1, "notified once: {news:?}");
        assert_eq!(news[0].1, "stranger");

        // A person in both lists is responsible. A subscriber who becomes responsible is no longer
        // a subscriber.
        let moved = json!({ "responsibleIds": [user(office.subscriber())],
            "subscriberIds": [user(office.subscriber()), user(office.author())] });
        let moved = twin.update(office.author(), &id, moved).await;
        assert_eq!(moved["work"]["responsible"], names(&["subscriber"]));
        assert_eq!(moved["work"]["subscribers"], names(&["author"]));
        assert_eq!(moved["work"]["viewerCanUpdate"], false);
        assert_eq!(
            notified(office.author()).await.len(),
            before + 1,
            "a subscriber is not notified"
        );
        assert_eq!(
            twin.read(office.stranger(), &id).await,
            Value::Null,
            "who has no part any more sees it no more"
        );
        assert_eq!(
            codes(&twin.update(office.author(), &id, json!({ "name": "x" })).await),
            ["NOT_RESPONSIBLE"]
        );
        let refused = twin
            .update(office.subscriber(), &id, json!({ "responsibleIds": [], "name": "x" }))
            .await;
        assert_eq!(codes(&refused), ["INVALID_INPUT"]);
        assert_eq!(
            refused["userErrors"][0]["message"],
            "Somebody must be responsible. Give at least one id."
        );
        assert_eq!(twin.read(office.subscriber(), &id).await["name"], "Paint the walls");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mutation_of_one_request_shows_what_it_left() {
    let office = Office::open().await;
    for twin in TWINS {
        let id = twin.create(office.author(), json!({ "name": "x" })).await["work"]["id"].clone();
        let Twin { word, name, .. } = twin;
        let query = format!(
            "mutation ($one: Update{name}Input!, $two: Update{name}Input!) {{
                one: update{name}(input: $one) {{ {word} {{ name subscribers {{ username }} }} }}
                two: update{name}(input: $two) {{ {word} {{ name subscribers {{ username }} }} }} \
             }}"
        );
        let input = |name: &str, person: &Actor| {
            json!({ format!("{word}Id"): id, "name": name,
            "subscriberIds": [user(person)] })
        };
        let variables =
            json!({ "one": input("a", office.stranger()), "two": input("b", office.chief()) });
        let answer = office.author().data(&query, variables).await;
        assert_eq!(
            answer["one"][word],
            json!({ "name": "a", "subscribers": names(&["stranger"]) })
        );
        assert_eq!(answer["two"][word], json!({ "name": "b", "subscribers": names(&["chief"]) }));
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_keeps_their_part_and_gets_no_new_one() {
    let office = Office::open().await;
    for twin in TWINS {
        let input = json!({ "name": "x", "responsibleIds": [user(office.author()),
            user(office.stranger())] });
        let id = twin.create(office.author(), input).await["work"]["id"].clone();
        let without =
            twin.create(office.author(), json!({ "name": "y" })).await["work"]["id"].clone();
        office.sql("UPDATE users SET active = FALSE WHERE username = 'stranger'").await;
        let kept = json!({ "responsibleIds": [user(office.author()), user(office.stranger())],
            "name": "z" });
        assert_eq!(codes(&twin.update(office.author(), &id, kept.clone()).await), [""; 0]);
        let refused = twin.update(office.author(), &without, kept).await;
        assert_eq!(codes(&refused), ["NOT_FOUND"]);
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "responsibleIds"]));
        assert_eq!(twin.read(office.author(), &without).await["name"], "y");
        office.sql("UPDATE users SET active = TRUE WHERE username = 'stranger'").await;
    }
    office.close().await;
}
