//! Compares the doors that the schema has with those of the table.

use super::doors::{DOORS, PUBLIC};
use async_graphql::parser::{
    parse_schema,
    types::{BaseType, FieldDefinition, ServiceDocument, Type, TypeKind, TypeSystemDefinition},
};
use std::collections::{BTreeMap, BTreeSet};

/// Types that reveal a memo, its belongings or its work.
const PROTECTED: [&str; 17] = [
    "Memo",
    "DeletedMemo",
    "MemoDeletion",
    "MemoDeletionPreview",
    "MemosDeletionPreview",
    "MemosDeletionPreviewItem",
    "MemoErasurePreview",
    "DeletionItem",
    "FileAttachment",
    "MemoEvent",
    "MemoHold",
    "RefusedMemoDeletion",
    "Notification",
    "Reminder",
    "Comment",
    "File",
    "Task",
];

/// Every type that is one of these, or may be.
fn protected(document: &ServiceDocument) -> BTreeSet<String> {
    let mut protected: BTreeSet<String> = PROTECTED.into_iter().map(str::to_owned).collect();
    protected.insert("Project".to_owned());
    let mut implementing = Vec::new();
    for definition in types(document) {
        let name = definition.name.node.to_string();
        match &definition.kind {
            TypeKind::Object(object) => {
                let interfaces =
                    object.implements.iter().map(|interface| interface.node.to_string());
                implementing.extend(interfaces.map(|interface| (interface, name.clone())));
            }
            TypeKind::Union(union) => {
                implementing.extend(
                    union.members.iter().map(|member| (name.clone(), member.node.to_string())),
                );
            }
            _ => {}
        }
    }
    for (whole, part) in implementing {
        if protected.contains(&part) {
            protected.insert(whole);
        }
    }
    protected
}

fn types(
    document: &ServiceDocument,
) -> impl Iterator<Item = &async_graphql::parser::types::TypeDefinition> {
    document.definitions.iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(&definition.node),
        _ => None,
    })
}

fn fields(
    document: &ServiceDocument,
) -> BTreeMap<String, &[async_graphql::Positioned<FieldDefinition>]> {
    types(document)
        .filter_map(|definition| match &definition.kind {
            TypeKind::Object(object) => {
                Some((definition.name.node.to_string(), object.fields.as_slice()))
            }
            _ => None,
        })
        .collect()
}

fn named(ty: &Type) -> String {
    match &ty.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(inner) => named(inner),
    }
}

/// The fields that may lead to something of a memo: all root fields, and fields of objects that
/// lead to a protected type. The insides of connections and the payloads of mutations are only
/// reachable through these.
fn doors_of_the_schema(sdl: &str) -> BTreeSet<String> {
    let document = parse_schema(sdl).expect("the schema");
    let protected = protected(&document);
    let is_plumbing =
        |name: &str| ["Connection", "Edge", "Payload"].iter().any(|ending| name.ends_with(ending));
    let mut doors = BTreeSet::new();
    for (name, fields) in fields(&document) {
        let is_root = ["Query", "Mutation", "Subscription"].contains(&name.as_str());
        for field in fields {
            let returned = named(&field.node.ty.node);
            let of_list = returned.trim_end_matches("Connection");
            let leads_there = protected.contains(&returned) || protected.contains(of_list);
            if is_root || (leads_there && !is_plumbing(&name)) {
                doors.insert(format!("{name}.{}", field.node.name.node));
            }
        }
    }
    doors
}

fn unknown(doors: &BTreeSet<String>) -> Vec<String> {
    let known: BTreeSet<&str> = DOORS
        .iter()
        .flat_map(|door| door.covers.iter().copied())
        .chain(PUBLIC.iter().map(|(field, _)| *field))
        .collect();
    doors.iter().filter(|door| !known.contains(door.as_str())).cloned().collect()
}

#[test]
fn every_door_of_the_schema_is_in_the_table() {
    let doors = doors_of_the_schema(&api::graphql::sdl());
    let unknown = unknown(&doors);
    assert!(
        unknown.is_empty(),
        "{unknown:#?} may reveal a memo, but no column of the visibility table covers it. Add the \
         field to `covers` of the door in tests/e2e/visibility/doors.rs that queries it. Or add a \
         new door there with its rule, and query it in tests/e2e/visibility/office.rs. If the \
         field never reveals anything about a memo, add it to `PUBLIC` with the reason."
    );
    let stale: Vec<&str> = DOORS
        .iter()
        .flat_map(|door| door.covers.iter().copied())
        .chain(PUBLIC.iter().map(|(field, _)| *field))
        .filter(|field| {
            !field.starts_with("GET ") && *field != "Memo.conclusion" && !doors.contains(*field)
        })
        .collect();
    assert!(stale.is_empty(), "{stale:#?} are no doors of the schema any more: take them out");
}

#[test]
fn a_field_without_a_door_is_found() {
    let sdl = api::graphql::sdl();
    let new = [
        ("type Query {", "type Query {\n\tlatestMemo: Memo", "Query.latestMemo"),
        ("type Query {", "type Query {\n\tmemoTotal: Int!", "Query.memoTotal"),
        (
            "type Tag implements Node {",
            "type Tag implements Node {\n\tnewest: MemoConnection!",
            "Tag.newest",
        ),
        (
            "type User implements Node {",
            "type User implements Node {\n\tlatest: [Node!]!",
            "User.latest",
        ),
        (
            "type Subscription {",
            "type Subscription {\n\tcomments: Comment!",
            "Subscription.comments",
        ),
        ("type Mutation {", "type Mutation {\n\tstealMemo: Boolean", "Mutation.stealMemo"),
    ];
    for (before, after, door) in new {
        assert!(sdl.contains(before), "{before}");
        let changed = sdl.replacen(before, after, 1);
        assert_eq!(unknown(&doors_of_the_schema(&changed)), [door]);
    }
}
