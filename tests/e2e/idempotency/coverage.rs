//! Every mutation that creates takes an idempotency key.

use super::creation::CREATIONS;
use std::collections::BTreeSet;

/// The verbs that create, and the others. A mutation with a new verb belongs to one of them.
const CREATING: [&str; 5] = ["add", "copy", "create", "place", "set"];
const OTHERS: [&str; 21] = [
    "attach",
    "change",
    "complete",
    "deactivate",
    "delete",
    "detach",
    "dismiss",
    "erase",
    "mark",
    "postpone",
    "reactivate",
    "reassign",
    "refresh",
    "release",
    "remove",
    "restore",
    "review",
    "send",
    "sign",
    "transfer",
    "update",
];

/// Mutations with such a verb that need no key.
const SAFE_TO_REPEAT: [(&str, &str); 4] = [
    ("addMemoSubscribers", "a person subscribes once"),
    ("addMemoTags", "a memo has a tag once"),
    ("placeMemoHolds", "a memo has one hold for each matter, and repeating continues"),
    ("setPassword", "the same password again"),
];

#[test]
fn every_mutation_that_creates_takes_a_key() {
    let sdl = api::graphql::sdl();
    let block = |head: &str| {
        let (_, rest) = sdl.split_once(head).unwrap_or_else(|| panic!("{head} is missing"));
        rest.split("\n}").next().unwrap().to_owned()
    };
    let creations: BTreeSet<&str> = CREATIONS.iter().map(|creation| creation.mutation).collect();
    let mut safe: BTreeSet<&str> = SAFE_TO_REPEAT.iter().map(|(mutation, _)| *mutation).collect();
    for line in block("type Mutation {").lines() {
        let Some((mutation, "")) = line.trim().split_once('(') else { continue };
        let verb = mutation.split(char::is_uppercase).next().unwrap();
        let creates = CREATING.contains(&verb);
        assert!(creates || OTHERS.contains(&verb), "does {mutation} create something?");
        let expected = creates && !safe.remove(mutation);
        assert_eq!(creations.contains(mutation), expected, "{mutation} is not in the table");
        let (first, rest) = mutation.split_at(1);
        let name = format!("{}{rest}", first.to_uppercase());
        let input = block(&format!("input {name}Input {{"));
        assert_eq!(input.contains("\tidempotencyKey: String\n"), expected, "{name}Input");
        let codes = block(&format!("enum {name}ErrorCode {{"));
        for code in ["\tIDEMPOTENCY_MISMATCH", "\tIDEMPOTENCY_GONE"] {
            assert_eq!(codes.contains(code), expected, "{name}ErrorCode: {code}");
        }
        let payload = block(&format!("type {name}Payload {{"));
        assert!(!expected || payload.contains("\treplayed: Boolean!\n"), "{name}Payload");
    }
    assert_eq!(safe, BTreeSet::new(), "these mutations do not exist");
}
