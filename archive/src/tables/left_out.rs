//! What no archive has, and why.

/// What is left out, each with the reason. The first word is the table.
pub const LEFT_OUT: &[(&str, &str)] = &[
    (
        "sessions",
        "their refresh tokens hold for the servers that issued them; people sign in again with \
         the password or the provider that they have",
    ),
    (
        "mails",
        "an import sends nothing. Notifications are in the archive; let the old servers send the \
         mails that wait",
    ),
    (
        "ledger",
        "a ledger belongs to one installation. A server with a ledger compares all its lines with \
         the records, which are in the archive",
    ),
    (
        "ledger_entries",
        "what is to be appended to a ledger; a server with a ledger derives it from the records",
    ),
    (
        "blob_removals",
        "bytes that the old file store still has to remove; the archive has none of them",
    ),
    (
        "blobs without a file",
        "bytes of interrupted uploads and of erased files, which nobody can see",
    ),
    (
        "installation: secret, file_store, erased_traces",
        "which secret the servers have, where the old files are, and what is left in the file of \
         the old database; the new installation has its own",
    ),
    ("memo_search", "the search index; an import makes it anew from the memos"),
    ("memo_words", "the words of the search index on SQLite, with the tables that SQLite adds"),
    ("seaql_migrations", "the manifest lists the migrations"),
];
