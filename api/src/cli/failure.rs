//! Failures of commands.

use crate::settings::SettingError;
use std::fmt::Display;

/// Why a command failed. The text is for the person at the terminal.
#[derive(Debug)]
pub(super) enum Failure {
    /// The command or its settings are wrong.
    Usage(String),
    /// The command could not do its work.
    Failed(String),
}

impl Failure {
    pub(super) fn usage(text: impl Display) -> Self {
        Self::Usage(text.to_string())
    }

    pub(super) fn failed(text: impl Display) -> Self {
        Self::Failed(text.to_string())
    }

    /// The message.
    pub(super) fn text(&self) -> &str {
        let (Self::Usage(text) | Self::Failed(text)) = self;
        text
    }
}

impl From<SettingError> for Failure {
    fn from(error: SettingError) -> Self {
        Self::usage(error)
    }
}

impl From<service::Error> for Failure {
    fn from(error: service::Error) -> Self {
        match error {
            service::Error::Setting(text) => Self::Usage(text),
            error => Self::failed(error),
        }
    }
}

impl From<archive::Error> for Failure {
    fn from(error: archive::Error) -> Self {
        match error {
            archive::Error::Service(error) => error.into(),
            error => Self::failed(error),
        }
    }
}
