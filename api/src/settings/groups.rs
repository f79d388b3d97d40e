//! The groups of settings, and which of them a running server takes.

/// The headings under which help, sample file and reference list the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Where the server listens, and what it does by itself.
    Server,
    /// Which database.
    Database,
    /// How the database is used.
    Connections,
    /// The tokens that the server signs.
    Tokens,
    /// How people sign in.
    SignIn,
    /// Where the bytes of files are.
    Files,
    /// Which files are accepted.
    Uploads,
    /// Mail.
    Mail,
    /// What a request may cost.
    Requests,
    /// What connections may cost.
    Clients,
    /// How often clients may ask.
    Rates,
    /// What every command takes.
    Common,
}

/// What a running server takes: everything, in the order of the help.
pub const SERVING: &[Group] = &[
    Group::Server,
    Group::Database,
    Group::Connections,
    Group::Tokens,
    Group::SignIn,
    Group::Files,
    Group::Uploads,
    Group::Mail,
    Group::Requests,
    Group::Clients,
    Group::Rates,
    Group::Common,
];

impl Group {
    /// The heading.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::Server => "Server",
            Self::Database => "Database",
            Self::Connections => "Connections to the database",
            Self::Tokens => "Tokens (JWT)",
            Self::SignIn => "Signing in",
            Self::Files => "Files",
            Self::Uploads => "Uploads",
            Self::Mail => "Mail",
            Self::Requests => "Limits of a request",
            Self::Clients => "Connections of clients",
            Self::Rates => "Limits of persons and addresses",
            Self::Common => "Settings file and log",
        }
    }
}
