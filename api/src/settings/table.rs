//! The settings of what the server works with and what it does. Those of its limits stand in
//! `limits.rs` and `defences.rs`, of what operators watch in `watching.rs`.

use super::{
    kinds::{
        database_url, masked_smtp_url, masked_url, media_types, names, number, origins, public_url,
        seconds, some_text, yes_or_no,
    },
    setting::Setting,
};
use crate::{auth::is_issuer, http::Limits};
use chrono::TimeDelta;
use service::{
    database::DatabaseSettings,
    mail::{Sender, SmtpServer},
};
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// The settings file. It has no key in the settings file.
pub const CONFIG: Setting<PathBuf> = Setting::new("config", "MEMORANDA_CONFIG", |text| {
    some_text(text).map(PathBuf::from)
})
.help(
    "FILE",
    "Settings file (TOML); without it, memoranda.toml in the current folder, if it is there",
)
.expects("the path of a TOML file that can be read");

/// The database.
pub const DATABASE_URL: Setting<String> = Setting::new(
    "database-url",
    "MEMORANDA_DATABASE_URL",
    database_url,
)
.help("URL", "The database: sqlite://path/to/file.db or postgres://user:password@host/database")
.expects(
    "sqlite://path/to/file.db (a file, not :memory:) or postgres://user:password@host/database",
)
.default(|| String::from("sqlite://memoranda.db"))
.masked(masked_url);

/// The database, where the demo has one of its own.
pub const DEMO_DATABASE_URL: Setting<String> = DATABASE_URL
    .help(
        "URL",
        "A database instead of the demo's own: sqlite://path/to/file.db or postgres://…; \
        without it, demo.db in the folder",
    )
    .without_default();

/// Most connections of the pool.
pub const MAX_CONNECTIONS: Setting<u32> =
    Setting::new("max-connections", "MEMORANDA_MAX_CONNECTIONS", |text| number(text, 1, 1000))
        .help("NUMBER", "Most connections to the database, by default four a core")
        .expects("a whole number from 1 to 1000")
        .default(|| DatabaseSettings::new("").max_connections.to_string());

/// How long a request waits for a connection of the pool.
pub const ACQUIRE_TIMEOUT: Setting<Duration> =
    Setting::new("acquire-timeout-seconds", "MEMORANDA_ACQUIRE_TIMEOUT_SECONDS", |text| {
        seconds(text, 3600)
    })
    .help("SECONDS", "Longest wait for a free connection")
    .expects("a whole number of seconds from 1 to 3600")
    .default(|| DatabaseSettings::new("").acquire_timeout.as_secs().to_string());

/// How long a statement may run.
pub const STATEMENT_TIMEOUT: Setting<Duration> =
    Setting::new("statement-timeout-seconds", "MEMORANDA_STATEMENT_TIMEOUT_SECONDS", |text| {
        seconds(text, 86_400)
    })
    .help("SECONDS", "Longest run of a statement (PostgreSQL)")
    .expects("a whole number of seconds from 1 to 86400")
    .default(|| DatabaseSettings::new("").statement_timeout.as_secs().to_string());

/// How long a statement waits for a lock.
pub const LOCK_TIMEOUT: Setting<Duration> =
    Setting::new("lock-timeout-seconds", "MEMORANDA_LOCK_TIMEOUT_SECONDS", |text| {
        seconds(text, 3600)
    })
    .help(
        "SECONDS",
        "Longest wait for a lock (PostgreSQL) or for another process's writing (SQLite)",
    )
    .expects("a whole number of seconds from 1 to 3600")
    .default(|| DatabaseSettings::new("").lock_timeout.as_secs().to_string());

/// The secret that signs tokens.
pub const JWT_SECRET: Setting<String> = Setting::new(
    "jwt-secret",
    "MEMORANDA_JWT_SECRET",
    some_text,
)
.help(
    "SECRET",
    "Secret of at least 32 bytes that signs tokens; as a flag, other users of this machine can \
         see it",
)
.expects("at least 32 bytes, made for example by `openssl rand -base64 48`")
.masked(|_| String::from("***"));

/// The secret, where the demo has one of its own.
pub const DEMO_JWT_SECRET: Setting<String> = JWT_SECRET.help(
    "SECRET",
    "A secret instead of the demo's own; without it, one that is made at the first start and kept \
     in the folder",
);

/// Who issues tokens.
pub const JWT_ISSUER: Setting<String> =
    Setting::new("jwt-issuer", "MEMORANDA_JWT_ISSUER", some_text)
        .help("NAME", "The `iss` of tokens")
        .expects("a name that is not empty")
        .default(|| String::from("memoranda"));

/// For whom tokens are.
pub const JWT_AUDIENCE: Setting<String> =
    Setting::new("jwt-audience", "MEMORANDA_JWT_AUDIENCE", some_text)
        .help("NAME", "The `aud` of tokens")
        .expects("a name that is not empty")
        .default(|| String::from("memoranda"));

/// The OpenID Connect provider.
pub const OIDC_ISSUER: Setting<String> =
    Setting::new("oidc-issuer", "MEMORANDA_OIDC_ISSUER", |text| {
        is_issuer(text).then(|| text.to_owned())
    })
    .help(
        "URL",
        "The OpenID Connect provider with which people sign in: the `iss` of its tokens, to the \
             letter. Its keys are found by discovery",
    )
    .expects(
        "an address such as https://login.example.org/realms/crm; http:// on this machine alone",
    );

/// What a provider's tokens are for.
pub const OIDC_AUDIENCE: Setting<Vec<String>> =
    Setting::new("oidc-audience", "MEMORANDA_OIDC_AUDIENCE", names)
        .help(
            "NAMES",
            "The `aud` of the provider's tokens: one of these, such as the client's id there",
        )
        .expects("names with commas between them, such as memoranda,crm-web");

/// Whether people of the provider are found by their address.
pub const OIDC_LINK_BY_EMAIL: Setting<bool> =
    Setting::new("oidc-link-by-email", "MEMORANDA_OIDC_LINK_BY_EMAIL", yes_or_no)
        .help(
            "true|false",
            "Whether somebody who comes from the provider for the first time is the person with \
             that address here, if the token says email_verified. For providers that verify \
             addresses themselves",
        )
        .expects("true or false")
        .default(|| false.to_string());

/// Whether people of the provider are added.
pub const OIDC_PROVISION: Setting<bool> =
    Setting::new("oidc-provision", "MEMORANDA_OIDC_PROVISION", yes_or_no)
        .help(
            "true|false",
            "Whether somebody who comes from the provider for the first time is added, as a member",
        )
        .expects("true or false")
        .default(|| false.to_string());

/// Where a provider's tokens say what people may do.
pub const OIDC_ROLE_CLAIM: Setting<String> =
    Setting::new("oidc-role-claim", "MEMORANDA_OIDC_ROLE_CLAIM", some_text)
        .help(
            "CLAIM",
            "The claim with people's roles, such as groups or realm_access.roles. Roles are those \
             of the latest token then, whatever they are set to here",
        )
        .expects("the name of a claim");

/// Who is company management.
pub const OIDC_CHIEF_VALUE: Setting<String> =
    Setting::new("oidc-chief-value", "MEMORANDA_OIDC_CHIEF_VALUE", some_text)
        .help("VALUE", "The value of that claim which makes somebody a chief")
        .expects("a value of the claim");

/// Who runs the system.
pub const OIDC_ADMIN_VALUE: Setting<String> =
    Setting::new("oidc-admin-value", "MEMORANDA_OIDC_ADMIN_VALUE", some_text)
        .help("VALUE", "The value of that claim which makes somebody an administrator")
        .expects("a value of the claim");

/// Whether people sign in with passwords of this server.
pub const LOCAL_ACCOUNTS: Setting<bool> = Setting::new(
    "local-accounts",
    "MEMORANDA_LOCAL_ACCOUNTS",
    yes_or_no,
)
.help(
    "true|false",
    "Whether people sign in with passwords of this server (signIn). Nobody has one until it \
             is set: `memoranda user password USERNAME`",
)
.expects("true or false")
.default(|| true.to_string());

/// How long people stay signed in.
pub const SESSION_DAYS: Setting<TimeDelta> =
    Setting::new("session-days", "MEMORANDA_SESSION_DAYS", |text| {
        number(text, 1, 365).map(TimeDelta::days)
    })
    .help("DAYS", "For how long somebody who has signed in with a password stays signed in")
    .expects("a whole number of days from 1 to 365")
    .default(|| 30.to_string());

/// Where the bytes of files lie.
pub const FILE_STORE: Setting<String> =
    Setting::new("file-store", "MEMORANDA_FILE_STORE", some_text)
        .help("PLACE", "Where the bytes of files lie: a folder, or s3://bucket/prefix")
        .expects("the path of a folder that can be written, or s3://bucket/prefix")
        .default(|| String::from("./memoranda-files"));

/// Where the bytes of files lie, where the demo has a place of its own.
pub const DEMO_FILE_STORE: Setting<String> = FILE_STORE
    .help(
        "PLACE",
        "A place for the bytes of files instead of the demo's own; without it, demo-files in the \
         folder",
    )
    .without_default();

/// How long the file store may take to answer.
pub const FILE_STORE_TIMEOUT: Setting<Duration> =
    Setting::new("file-store-timeout-seconds", "MEMORANDA_FILE_STORE_TIMEOUT_SECONDS", |text| {
        seconds(text, 3600)
    })
    .help(
        "SECONDS",
        "Longest wait for an answer of the file store; for copies within a bucket, ten times that",
    )
    .expects("a whole number of seconds from 1 to 3600")
    .default(|| service::blobs::TIMEOUT.as_secs().to_string());

/// For how long an upload that nothing uses is kept.
pub const UPLOAD_HOURS: Setting<TimeDelta> =
    Setting::new("upload-hours", "MEMORANDA_UPLOAD_HOURS", |text| {
        number(text, 1, 8760).map(TimeDelta::hours)
    })
    .help("HOURS", "For how long a file is kept that is attached to nothing")
    .expects("a whole number of hours from 1 to 8760")
    .default(|| 24.to_string());

/// Longest file.
pub const MAX_UPLOAD_BYTES: Setting<u64> =
    Setting::new("max-upload-bytes", "MEMORANDA_MAX_UPLOAD_BYTES", |text| {
        number(text, 1, 5_368_709_120)
    })
    .help("BYTES", "Longest file that is taken")
    .expects("a whole number of bytes from 1 to 5368709120")
    .default(|| Limits::default().max_upload_bytes.to_string());

/// Most bytes of all stored contents.
pub const MAX_STORAGE_BYTES: Setting<u64> =
    Setting::new("max-storage-bytes", "MEMORANDA_MAX_STORAGE_BYTES", |text| {
        number(text, 0, 9_007_199_254_740_992)
    })
    .help(
        "BYTES",
        "Most bytes of all files together, each content counted once, and of uploads under way at \
         this server; 0 for no limit",
    )
    .expects("a whole number of bytes from 0 (no limit) to 9007199254740992")
    .default(|| 0.to_string());

/// Which files are taken.
pub const UPLOAD_MEDIA_TYPES: Setting<Vec<String>> =
    Setting::new("upload-media-types", "MEMORANDA_UPLOAD_MEDIA_TYPES", media_types)
        .help(
            "TYPES",
            "Media types of files that are taken, such as application/pdf,image/*; all if empty",
        )
        .expects("media types with commas between them, such as application/pdf,image/*")
        .default(String::new);

/// Where to listen.
pub const LISTEN: Setting<SocketAddr> =
    Setting::new("listen", "MEMORANDA_LISTEN", |text| text.parse().ok())
        .help("ADDRESS:PORT", "Where to listen; port 0 takes a free one")
        .expects("an IP address and a port, such as 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080")
        .default(|| String::from("127.0.0.1:8080"));

/// For how long a deleted memo can be restored.
pub const RESTORABLE_DAYS: Setting<TimeDelta> =
    Setting::new("restorable-days", "MEMORANDA_RESTORABLE_DAYS", |text| {
        number(text, 1, 3650).map(TimeDelta::days)
    })
    .help("DAYS", "For how long a deleted memo can be restored")
    .expects("a whole number of days from 1 to 3650")
    .default(|| 30.to_string());

/// How often what can no longer be restored is erased.
pub const PURGE_EVERY: Setting<Duration> =
    Setting::new("purge-every-minutes", "MEMORANDA_PURGE_EVERY_MINUTES", |text| {
        number(text, 0, 525_600_u64).map(|minutes| Duration::from_secs(60 * minutes))
    })
    .help("MINUTES", "How often what can no longer be restored is erased; 0 for never")
    .expects("a whole number of minutes from 0 (never) to 525600")
    .default(|| 60.to_string());

/// How often reminders that are due are looked for.
pub const REMINDERS_EVERY: Setting<Duration> =
    Setting::new("reminders-every-seconds", "MEMORANDA_REMINDERS_EVERY_SECONDS", |text| {
        number(text, 0, 3600_u64).map(Duration::from_secs)
    })
    .help(
        "SECONDS",
        "How often reminders that are due are looked for; 0 for never: another server does it",
    )
    .expects("a whole number of seconds from 0 (never) to 3600")
    .default(|| 30.to_string());

/// For how long events are kept.
pub const EVENT_DAYS: Setting<TimeDelta> =
    Setting::new("event-days", "MEMORANDA_EVENT_DAYS", |text| {
        number(text, 1, 3650).map(TimeDelta::days)
    })
    .help("DAYS", "For how long a client that was away can catch up with what happened to memos")
    .expects("a whole number of days from 1 to 3650")
    .default(|| 7.to_string());

/// Whose pages may ask and open a WebSocket.
pub const ALLOWED_ORIGINS: Setting<Vec<String>> = Setting::new(
    "allowed-origins",
    "MEMORANDA_ALLOWED_ORIGINS",
    origins,
)
.help("ORIGINS", "Origins of pages that may ask and open a WebSocket, beside the server's own")
.expects("origins with commas between them, such as https://crm.example.org,http://localhost:5173")
.default(String::new);

/// The mail server.
pub const SMTP_URL: Setting<SmtpServer> =
    Setting::new("smtp-url", "MEMORANDA_SMTP_URL", SmtpServer::parse)
        .help(
            "URL",
            "The mail server: smtps://user:password@host, smtp://host?tls=required, smtp://host; \
         without it, no mail is sent",
        )
        .expects(
            "smtps://user:password@host:465, smtp://user:password@host:587?tls=required (or \
         opportunistic), or smtp://host:25 (in the clear); \
         in user and password, write @ as %40, / as %2F, : as %3A",
        )
        .masked(masked_smtp_url);

/// From whom mails are.
pub const MAIL_FROM: Setting<Sender> =
    Setting::new("mail-from", "MEMORANDA_MAIL_FROM", Sender::parse)
        .help("ADDRESS", "From whom mails are; needed with smtp-url")
        .expects("an address such as memos@example.org, or Memoranda <memos@example.org>");

/// Where people find memos.
pub const PUBLIC_URL: Setting<String> = Setting::new(
    "public-url",
    "MEMORANDA_PUBLIC_URL",
    public_url,
)
.help(
    "URL",
    "Where the links in mails lead: /memos/ID (/tasks/ID, /projects/ID) below this address, or \
         this address with the id in place of {id}; without it, mails have no links",
)
.expects(
    "the address of your client, such as https://crm.example.org or \
        https://crm.example.org/#/open/{id}",
);

/// Longest pause within a file.
pub const UPLOAD_IDLE_TIMEOUT: Setting<Duration> =
    Setting::new("upload-idle-timeout-seconds", "MEMORANDA_UPLOAD_IDLE_TIMEOUT_SECONDS", |text| {
        seconds(text, 3600)
    })
    .help("SECONDS", "Longest wait for a further byte of a file")
    .expects("a whole number of seconds from 1 to 3600")
    .default(|| Limits::default().upload_idle_timeout.as_secs().to_string());

/// How slowly a file may come.
pub const MIN_UPLOAD_RATE: Setting<u32> =
    Setting::new("min-upload-rate", "MEMORANDA_MIN_UPLOAD_RATE", |text| {
        number(text, 0, 1_073_741_824)
    })
    .help(
        "BYTES",
        "How many bytes of a file a second a client has to send on average, after \
             upload-idle-timeout-seconds; 0 for any number",
    )
    .expects("a whole number of bytes from 0 (any number) to 1073741824")
    .default(|| Limits::default().min_upload_rate.to_string());

/// Most uploads of a person.
pub const MAX_UPLOADS_PER_PERSON: Setting<usize> =
    Setting::new("max-uploads-per-person", "MEMORANDA_MAX_UPLOADS_PER_PERSON", |text| {
        number(text, 1, 100_000)
    })
    .help("NUMBER", "Most files that a person sends at a time")
    .expects("a whole number from 1 to 100000")
    .default(|| Limits::default().max_uploads_per_person.to_string());
