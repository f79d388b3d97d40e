//! Archives that are not as an export has written them: each is refused with its place, and nothing
//! is written.

use archive::{Error, Mode};
use memoranda_tests::{ArchiveFolder, Office, RowCounts, TestDatabase, count_rows, import};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// An archive, and a database for it.
struct Attack {
    archive: PathBuf,
    database: TestDatabase,
    untouched: RowCounts,
}

impl Attack {
    /// Imports the archive, which must be refused. Returns the text.
    async fn refused(&self) -> String {
        let refused = import(&self.database, &self.archive, Mode::Apply).await;
        assert_eq!(self.rows().await, self.untouched, "{refused:?}");
        let files = fs::read_dir(self.database.folder.join("files")).unwrap().count();
        assert_eq!(files, 0, "bytes are stored: {refused:?}");
        match refused {
            Err(Error::Refused(text)) => text,
            other => panic!("{other:?}"),
        }
    }

    /// How many rows each table of the database has.
    async fn rows(&self) -> RowCounts {
        let database = self.database.connect().await;
        let rows = count_rows(&database).await;
        database.close().await.unwrap();
        rows
    }

    fn path(&self, name: &str) -> PathBuf {
        self.archive.join(name)
    }

    fn read(&self, table: &str) -> String {
        fs::read_to_string(self.path(&format!("tables/{table}.ndjson"))).unwrap()
    }

    /// Replaces a table, with a manifest that agrees with it.
    fn write(&self, table: &str, lines: &str) {
        fs::write(self.path(&format!("tables/{table}.ndjson")), lines).unwrap();
        self.change_manifest(|manifest| {
            let tables = manifest["tables"].as_array_mut().unwrap();
            let file = tables.iter_mut().find(|file| file["table"] == table).unwrap();
            file["rows"] = json!(lines.lines().count());
            file["bytes"] = json!(lines.len());
            file["sha256"] = json!(hex::encode(Sha256::digest(lines)));
        });
    }

    fn replace(&self, table: &str, from: &str, to: &str) {
        let lines = self.read(table);
        assert!(lines.contains(from), "{lines}");
        self.write(table, &lines.replacen(from, to, 1));
    }

    /// Lets a row refer to a person who does not exist.
    fn change_person(&self, table: &str, column: &str) {
        let column = format!("\"{column}\":\"");
        let lines = self.read(table);
        let (before, rest) = lines.split_once(&column).unwrap();
        let nobody = uuid::Uuid::nil();
        self.write(table, &format!("{before}{column}{nobody}{}", &rest[36..]));
    }

    fn change_manifest(&self, change: impl FnOnce(&mut Value)) {
        let path = self.path("manifest.json");
        let mut manifest = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        change(&mut manifest);
        fs::write(path, serde_json::to_vec(&manifest).unwrap()).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &name);
        } else {
            fs::copy(&path, &name).unwrap();
        }
    }
}

/// What is done to an archive, and a part of the refusal.
type Change = (fn(&Attack), &'static str);

const CHANGES: &[Change] = &[
    (|a| fs::remove_file(a.path("manifest.json")).unwrap(), "manifest is written last"),
    (|a| fs::write(a.path("manifest.json"), "{").unwrap(), "this is no manifest"),
    (|a| a.change_manifest(|m| m["format"] = json!("zip")), "its format is \"zip\""),
    (|a| a.change_manifest(|m| m["version"] = json!(2)), "version 2 of the format"),
    (|a| a.change_manifest(|m| m["more"] = json!(1)), "unknown field `more`"),
    (|a| a.change_manifest(|m| m["tables"][2] = m["tables"][1].clone()), "is there twice"),
    (|a| a.change_manifest(|m| m["tables"][0]["table"] = json!("sessions")), "users is missing"),
    (|a| a.change_manifest(|m| m["tables"][0]["file"] = json!("/etc/passwd")), "not at its place"),
    (|a| a.change_manifest(|m| m["tables"][0]["rows"] = json!(1)), "not as the manifest says"),
    (
        |a| a.change_manifest(|m| m["tables"][0]["sha256"] = json!("00".repeat(32))),
        "tables/users.ndjson is not as the manifest says",
    ),
    (|a| a.change_manifest(|m| m["sequences"]["memo_events"] = json!(-1)), "the number -1"),
    (|a| a.change_manifest(|m| m["sequences"]["users"] = json!(1)), "\"users\" cannot have"),
    (
        |a| a.change_manifest(|m| m["migrations"].as_array_mut().unwrap().push(json!("m3000_x"))),
        "a newer version of memoranda wrote the archive",
    ),
    (
        |a| a.change_manifest(|m| drop(m["migrations"].as_array_mut().unwrap().pop())),
        "an older version of memoranda wrote the archive",
    ),
    (|a| fs::remove_file(a.path("tables/tags.ndjson")).unwrap(), "lacks tables/tags.ndjson"),
    (|a| fs::write(a.path("tables/notes.txt"), "").unwrap(), "\"tables/notes.txt\""),
    (|a| fs::create_dir(a.path("unfinished")).unwrap(), "\"unfinished\""),
    (
        |a| {
            let users = a.path("tables/users.ndjson");
            fs::rename(&users, a.archive.parent().unwrap().join("users")).unwrap();
            std::os::unix::fs::symlink(a.archive.parent().unwrap().join("users"), users).unwrap();
        },
        "\"tables/users.ndjson\"",
    ),
    (
        |a| {
            let lines = a.read("users");
            fs::write(a.path("tables/users.ndjson"), &lines[..lines.len() - 3]).unwrap();
        },
        "its end is missing",
    ),
    (|a| a.replace("users", "\"username\"", "\"user_name\""), "users has no column \"user_name\""),
    (|a| a.replace("users", "\"active\":true", "\"active\":\"yes\""), "line 1: active: "),
    (|a| a.replace("users", "\"full_name\":\"", "\"full_name\":\"\\u0000"), "line 1: full_name"),
    (|a| a.write("users", &a.read("users").repeat(2)), "its key is there before"),
    (
        |a| {
            let (first, rest) = { a.read("users") }.split_once('\n').map(own).unwrap();
            a.write("users", &format!("{rest}{first}\n"));
        },
        "is not in order",
    ),
    // What only the database knows.
    (
        |a| a.replace("users", "\"role\":\"ADMIN\"", "\"role\":\"GOD\""),
        "the database refuses a row",
    ),
    (
        |a| a.replace("users", "\"username\":\"author\"", "\"username\":\"recipient\""),
        "tables/users.ndjson, lines 1 to 6: the database refuses a row",
    ),
    (|a| a.write("memo_ids", ""), "memo_ids"),
    (
        |a| a.replace("deleted_memos", "\"stage\":\"PENDING\"", "\"stage\":\"GONE\""),
        "tables/deleted_memos.ndjson",
    ),
    (
        |a| a.replace("memo_deletions", "\"stage\":\"PENDING\"", "\"stage\":\"GONE\""),
        "tables/memo_deletions.ndjson",
    ),
    (|a| a.change_person("memo_deletions", "author_id"), "tables/memo_deletions.ndjson"),
    (
        |a| a.change_person("memo_events", "recipient_id"),
        "tables/memo_events.ndjson: 1 rows refer to rows of users that are not there",
    ),
    (
        |a| {
            let last = a.read("memo_events").lines().count();
            a.change_manifest(|m| m["sequences"]["memo_events"] = json!(last - 1));
        },
        "was the last one",
    ),
    // The bytes of files.
    (|a| fs::write(content(a), "other bytes").unwrap(), "does not have the bytes of its name"),
    (|a| fs::write(content(a), "theze bytes stay").unwrap(), "does not have the bytes"),
    (|a| fs::remove_file(content(a)).unwrap(), "the archive lacks files/"),
    (
        |a| {
            let more = a.path("files/00").join("00".repeat(32));
            fs::create_dir(a.path("files/00")).unwrap();
            fs::write(more, "").unwrap();
        },
        "2 contents of files, but its tables know 1",
    ),
    (|a| a.replace("blobs", "sha256/", "../sha256/"), "is no content"),
    (
        |a| a.replace("blobs", "\"location\":\"sha256/", "\"location\":\"memoranda-store-id/"),
        "is no content",
    ),
];

fn own((first, rest): (&str, &str)) -> (String, String) {
    (first.to_owned(), rest.to_owned())
}

/// The bytes of the only file.
fn content(attack: &Attack) -> PathBuf {
    let only = |folder: &Path| fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    only(&only(&attack.path("files")))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_is_not_as_an_export_wrote_it_is_refused_and_nothing_is_written() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    office.attach(&memo, "kept.txt", "these bytes stay").await;
    office.author().delete_confirmed(&memo.id).await;
    office
        .author()
        .data(
            "mutation ($i: CreateMemoInput!) { createMemo(input: $i) { memo { id } } }",
            json!({ "i": { "name": "Sent", "description": "", "recipientId":
        office.recipient().user_id() } }),
        )
        .await;
    let good = ArchiveFolder::of(&office).await;

    let database = TestDatabase::create().await;
    let pool = database.connect().await;
    pool.migrate().await.unwrap();
    let untouched = count_rows(&pool).await;
    pool.close().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut attack = Attack { archive: PathBuf::new(), database, untouched };
    for (n, (change, text)) in CHANGES.iter().enumerate() {
        attack.archive = folder.path().join(n.to_string()).join("archive");
        copy(&good.path(), &attack.archive);
        change(&attack);
        let refused = attack.refused().await;
        assert!(refused.contains(text), "{n}: {text:?} is not in {refused:?}");
    }
    // The database and the file store are still there for the archive itself.
    import(&attack.database, &good.path(), Mode::DryRun).await.unwrap();
    assert_eq!(attack.rows().await, attack.untouched);
    import(&attack.database, &good.path(), Mode::Apply).await.unwrap();
    attack.database.drop().await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_without_end_is_refused_before_it_fills_the_memory() {
    let office = Office::open().await;
    let archive = ArchiveFolder::of(&office).await;
    let database = TestDatabase::create().await;
    // The file has no such bytes on the disk.
    let users = fs::File::create(archive.path().join("tables/users.ndjson")).unwrap();
    users.set_len(8 << 30).unwrap();
    let refused = import(&database, &archive.path(), Mode::Apply).await.unwrap_err();
    assert!(refused.to_string().contains("it is too long"), "{refused}");
    database.drop().await;
    office.close().await;
}
