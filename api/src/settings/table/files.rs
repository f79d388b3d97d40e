//! Where the server keeps the bytes of files.

use crate::settings::{
    declare::settings,
    parse::some_text,
    setting::{seconds, text},
};
use std::time::Duration;

settings! {
    in Files {
        /// Where the bytes of files are kept: a folder, or `s3://bucket/prefix`.
        String = FILE_STORE(
            "file-store",
            text(
                "PLACE",
                "the path of a folder that can be written, or s3://bucket/prefix",
                some_text,
            )
            .default_text("./memoranda-files")
            .in_demo(
                "A place for the bytes of files instead of the demo's own; without it, demo-files \
                 in the folder",
            )
        );
        /// Longest wait for an answer from the file store. Copies within a bucket may take ten
        /// times as long.
        Duration = FILE_STORE_TIMEOUT(
            "file-store-timeout-seconds",
            seconds(1, 3600).default(service::blobs::TIMEOUT.as_secs())
        );
    }
}
