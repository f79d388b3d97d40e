//! End-to-end tests: one file per capability.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod accounting;
mod accounts;
mod accounts_attacks;
mod accounts_live;
mod at_hand;
mod attacks;
mod bad_input;
mod catalogue;
mod catalogue_lists;
mod catalogue_races;
mod catch_up;
mod clock_jump;
mod confirmation;
mod costs;
mod crash;
mod database_faults;
mod deletion_by_version;
mod deletion_rules;
mod discussion;
mod document;
mod erasure;
mod erasure_table;
mod file_removal;
mod file_store_lost;
mod files;
mod files_attached;
mod files_purge;
mod files_read;
mod files_refused;
mod files_under_way;
mod guards;
mod headers;
mod hidden;
mod holds;
mod http;
mod http2;
mod idempotency;
mod introspection;
mod leavers;
mod ledger;
mod ledger_crash;
mod ledger_replay;
mod life;
mod live;
mod mail;
mod mail_delivery;
mod metrics;
mod migrations;
mod notifications;
mod oidc;
mod oidc_keys;
mod oidc_people;
mod oidc_provider;
mod overload;
mod paging;
mod partial_updates;
mod people;
mod people_and_tags;
mod people_lists;
mod people_races;
mod permission_table;
mod persisted;
mod plans;
mod process;
mod provenance;
mod purge;
mod races;
mod rates;
mod read_marks;
mod refused_requests;
mod remembered;
mod reminders;
mod restore;
mod schema;
mod search;
mod shutdown;
mod sign_in;
mod slow_clients;
mod sse;
mod stage;
mod stale_plans;
mod unread;
mod unseen_drafts;
mod updates;
mod upgrade;
mod verb_table;
mod visibility;
mod websocket;
mod work;
mod work_files;
mod work_from_memo;
mod work_lists;
mod work_races;
mod work_updates;
mod writing;
mod wrong_ids;
