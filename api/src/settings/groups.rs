//! The groups of settings, and the groups that a running server uses.

/// The headings that list the settings in the help, in the sample file and in the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Where the server listens, and what it does on a schedule.
    Server,
    /// Which database the server uses.
    Database,
    /// How the database is used.
    Connections,
    /// Which copy of the database answers reads.
    Standby,
    /// The tokens that the server signs.
    Tokens,
    /// How people sign in.
    SignIn,
    /// Where the server keeps the bytes of files.
    Files,
    /// Which files are accepted.
    Uploads,
    /// What is noted outside the database.
    Ledger,
    /// Mail.
    Mail,
    /// Limits of a request.
    Requests,
    /// Limits of connections.
    Clients,
    /// How often clients may send requests.
    Rates,
    /// Settings of every command.
    Common,
}

/// The groups of a running server: all of them, in the order of the help.
pub const SERVING: &[Group] = &[
    Group::Server,
    Group::Database,
    Group::Connections,
    Group::Standby,
    Group::Tokens,
    Group::SignIn,
    Group::Files,
    Group::Uploads,
    Group::Ledger,
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
            Self::Standby => "Standby for reads",
            Self::Tokens => "Tokens (JWT)",
            Self::SignIn => "Signing in",
            Self::Files => "Files",
            Self::Uploads => "Uploads",
            Self::Ledger => "Ledger",
            Self::Mail => "Mail",
            Self::Requests => "Limits of a request",
            Self::Clients => "Connections of clients",
            Self::Rates => "Limits of persons and addresses",
            Self::Common => "Settings file and log",
        }
    }
}
