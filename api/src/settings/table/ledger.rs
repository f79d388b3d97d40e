//! Where the server keeps its ledger.

use crate::settings::{declare::settings, parse::some_text, setting::text};

settings! {
    in Ledger {
        /// Where deletions, restores and purges are also noted, so that they can be repeated on a
        /// restored database: a file, or `s3://bucket/prefix`; without it, there is no ledger. Keep
        /// it apart from the database. Several servers share one.
        String = LEDGER(
            "ledger",
            text(
                "PLACE",
                "the path of a file in an existing folder, or s3://bucket/prefix",
                some_text,
            )
        );
    }
}
