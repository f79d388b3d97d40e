//! Settings that belong together, for the commands to choose from.

use super::{
    defences::{
        ADDRESS_RATE, BODY_IDLE_TIMEOUT, BODY_TIMEOUT, HEADER_TIMEOUT, IDLE_TIMEOUT, INTROSPECTION,
        MAX_ANSWER_BYTES, MAX_BATCH, MAX_CLIENTS, MAX_CLIENTS_PER_ADDRESS, MAX_ERRORS,
        MAX_HEADER_BYTES, MAX_LIST, MAX_RUNNING, MAX_STREAMS_PER_PERSON, MAX_SUBSCRIPTIONS,
        MAX_UNSENT_BYTES, MAX_UNSENT_BYTES_PER_CONNECTION, MIN_READ_RATE, MUTATION_RATE,
        PERSON_RATE, SIGN_IN_RATE, TRUSTED_DOCUMENTS, TRUSTED_PROXIES, WEBSOCKET_INIT_TIMEOUT,
        WRITE_TIMEOUT,
    },
    limits::{
        DRAIN, MAX_ALIASES, MAX_BODY_BYTES, MAX_COMPLEXITY, MAX_DEPTH, MAX_DIRECTIVES, MAX_FIELDS,
        MAX_NESTING, MAX_ROOT_FIELDS, MAX_TOKENS, REQUEST_TIMEOUT, SHUTDOWN_TIMEOUT,
    },
    setting::{About, Group},
    table::{
        ACQUIRE_TIMEOUT, ALLOWED_ORIGINS, CONFIG, DATABASE_URL, DEMO_DATABASE_URL, DEMO_FILE_STORE,
        DEMO_JWT_SECRET, EVENT_DAYS, FILE_STORE, FILE_STORE_TIMEOUT, JWT_AUDIENCE, JWT_ISSUER,
        JWT_SECRET, LISTEN, LOCAL_ACCOUNTS, LOCK_TIMEOUT, MAIL_FROM, MAX_CONNECTIONS,
        MAX_STORAGE_BYTES, MAX_UPLOAD_BYTES, MAX_UPLOADS_PER_PERSON, MIN_UPLOAD_RATE,
        OIDC_ADMIN_VALUE, OIDC_AUDIENCE, OIDC_CHIEF_VALUE, OIDC_ISSUER, OIDC_LINK_BY_EMAIL,
        OIDC_PROVISION, OIDC_ROLE_CLAIM, PUBLIC_URL, PURGE_EVERY, REMINDERS_EVERY, RESTORABLE_DAYS,
        SESSION_DAYS, SMTP_URL, STATEMENT_TIMEOUT, UPLOAD_HOURS, UPLOAD_IDLE_TIMEOUT,
        UPLOAD_MEDIA_TYPES,
    },
    watching::{LOG, LOG_FORMAT, METRICS_LISTEN, OTLP_ENDPOINT, OTLP_SAMPLE_RATIO},
};

/// What a running server takes.
pub const SERVING: &[Group] = &[
    SERVER,
    DATABASE,
    CONNECTIONS,
    TOKENS,
    SIGN_IN,
    FILES,
    UPLOADS,
    MAIL,
    LIMITS,
    CLIENTS,
    RATES,
    COMMON,
];

/// What whoever looks for a running server takes.
pub const HEALTH: &[Group] = &[Group { heading: "Server", settings: &[&LISTEN.about] }, COMMON];

/// What every command takes.
pub const COMMON: Group = Group {
    heading: "Settings file and log",
    settings: &[&CONFIG.about, &LOG.about, &LOG_FORMAT.about],
};

/// The database.
pub const DATABASE: Group = Group { heading: "Database", settings: &[&DATABASE_URL.about] };

/// The demo's database.
pub const DEMO_DATABASE: Group =
    Group { heading: "Database", settings: &[&DEMO_DATABASE_URL.about] };

/// How the database is used.
pub const CONNECTIONS: Group = Group {
    heading: "Connections to the database",
    settings: &[
        &MAX_CONNECTIONS.about,
        &ACQUIRE_TIMEOUT.about,
        &STATEMENT_TIMEOUT.about,
        &LOCK_TIMEOUT.about,
    ],
};

/// Tokens.
pub const TOKENS: Group = Group {
    heading: "Tokens (JWT)",
    settings: &[&JWT_SECRET.about, &JWT_ISSUER.about, &JWT_AUDIENCE.about],
};

/// The demo's tokens.
pub const DEMO_TOKENS: Group = Group {
    heading: "Tokens (JWT)",
    settings: &[&DEMO_JWT_SECRET.about, &JWT_ISSUER.about, &JWT_AUDIENCE.about],
};

/// The provider, for a command that needs its name alone.
pub const PROVIDER: Group = Group { heading: "Signing in", settings: &[&OIDC_ISSUER.about] };

/// How people sign in, beside tokens that are signed with the secret.
pub const SIGN_IN: Group = Group {
    heading: "Signing in",
    settings: &[
        &LOCAL_ACCOUNTS.about,
        &SESSION_DAYS.about,
        &OIDC_ISSUER.about,
        &OIDC_AUDIENCE.about,
        &OIDC_LINK_BY_EMAIL.about,
        &OIDC_PROVISION.about,
        &OIDC_ROLE_CLAIM.about,
        &OIDC_CHIEF_VALUE.about,
        &OIDC_ADMIN_VALUE.about,
    ],
};

/// The bytes of files.
pub const FILES: Group = Group {
    heading: "Files",
    settings: &[&FILE_STORE.about, &FILE_STORE_TIMEOUT.about, &UPLOAD_HOURS.about],
};

/// The bytes of the demo's files.
pub const DEMO_FILES: Group = Group {
    heading: "Files",
    settings: &[&DEMO_FILE_STORE.about, &FILE_STORE_TIMEOUT.about, &UPLOAD_HOURS.about],
};

/// For how long deleted memos can be restored, for a command that deletes none.
pub const RESTORING: Group = Group { heading: "Restoring", settings: &[&RESTORABLE_DAYS.about] };

/// What files are taken.
pub const UPLOADS: Group = Group {
    heading: "Uploads",
    settings: &[
        &MAX_UPLOAD_BYTES.about,
        &MAX_STORAGE_BYTES.about,
        &UPLOAD_MEDIA_TYPES.about,
        &UPLOAD_IDLE_TIMEOUT.about,
        &MIN_UPLOAD_RATE.about,
        &MAX_UPLOADS_PER_PERSON.about,
    ],
};

/// The server.
pub const SERVER: Group = Group {
    heading: "Server",
    settings: &[
        &LISTEN.about,
        &METRICS_LISTEN.about,
        &OTLP_ENDPOINT.about,
        &OTLP_SAMPLE_RATIO.about,
        &ALLOWED_ORIGINS.about,
        &RESTORABLE_DAYS.about,
        &REMINDERS_EVERY.about,
        &EVENT_DAYS.about,
        &PURGE_EVERY.about,
    ],
};

/// Mail.
pub const MAIL: Group =
    Group { heading: "Mail", settings: &[&SMTP_URL.about, &MAIL_FROM.about, &PUBLIC_URL.about] };

/// What a request may cost.
pub const LIMITS: Group = Group {
    heading: "Limits of a request",
    settings: &[
        &MAX_TOKENS.about,
        &MAX_NESTING.about,
        &MAX_ALIASES.about,
        &MAX_DIRECTIVES.about,
        &MAX_ROOT_FIELDS.about,
        &MAX_FIELDS.about,
        &MAX_DEPTH.about,
        &MAX_COMPLEXITY.about,
        &MAX_LIST.about,
        &MAX_BATCH.about,
        &MAX_ANSWER_BYTES.about,
        &MAX_ERRORS.about,
        &INTROSPECTION.about,
        &TRUSTED_DOCUMENTS.about,
        &MAX_BODY_BYTES.about,
        &REQUEST_TIMEOUT.about,
        &DRAIN.about,
        &SHUTDOWN_TIMEOUT.about,
    ],
};

/// What connections may cost.
pub const CLIENTS: Group = Group {
    heading: "Connections of clients",
    settings: &[
        &MAX_CLIENTS.about,
        &MAX_CLIENTS_PER_ADDRESS.about,
        &MAX_STREAMS_PER_PERSON.about,
        &MAX_SUBSCRIPTIONS.about,
        &MAX_HEADER_BYTES.about,
        &HEADER_TIMEOUT.about,
        &BODY_TIMEOUT.about,
        &BODY_IDLE_TIMEOUT.about,
        &IDLE_TIMEOUT.about,
        &WRITE_TIMEOUT.about,
        &MIN_READ_RATE.about,
        &MAX_UNSENT_BYTES.about,
        &MAX_UNSENT_BYTES_PER_CONNECTION.about,
        &WEBSOCKET_INIT_TIMEOUT.about,
        &TRUSTED_PROXIES.about,
    ],
};

/// How often one may ask.
pub const RATES: Group = Group {
    heading: "Limits of persons and addresses",
    settings: &[
        &MAX_RUNNING.about,
        &PERSON_RATE.about,
        &MUTATION_RATE.about,
        &ADDRESS_RATE.about,
        &SIGN_IN_RATE.about,
    ],
};

/// The setting with that key, among those that a settings file may hold.
pub(super) fn find(key: &str) -> Option<&'static About> {
    in_file().find(|about| about.key == key)
}

/// What a settings file may hold: everything but its own path.
pub(super) fn in_file() -> impl Iterator<Item = &'static About> {
    [
        COMMON,
        DATABASE,
        CONNECTIONS,
        TOKENS,
        SIGN_IN,
        FILES,
        UPLOADS,
        SERVER,
        MAIL,
        LIMITS,
        CLIENTS,
        RATES,
    ]
    .into_iter()
    .flat_map(|group| group.settings.iter().copied())
    .filter(|about| about.key != CONFIG.about.key)
}
