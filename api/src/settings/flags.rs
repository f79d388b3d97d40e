//! The flags and environment variables of a command, made from the table.

use super::{
    error::SettingError,
    setting::{About, Group},
    values::{Origin, Value, Values},
};
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, parser::ValueSource};
use std::{collections::BTreeMap, marker::PhantomData, path::Path};

/// A command that takes settings.
pub trait Scope {
    /// Those it takes.
    const SETTINGS: &'static [Group];
}

/// What flags and environment variables gave to the command `S`.
pub struct Given<S> {
    values: BTreeMap<&'static str, Value>,
    scope: PhantomData<fn() -> S>,
}

impl<S: Scope> Given<S> {
    /// Joins what the settings file says.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn read(self) -> Result<Values, SettingError> {
        self.read_in(Path::new(""))
    }

    pub(super) fn read_in(self, folder: &Path) -> Result<Values, SettingError> {
        Values::with_file(self.values, folder)
    }
}

impl<S: Scope> FromArgMatches for Given<S> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut values = BTreeMap::new();
        for about in settings::<S>() {
            let Some(text) = matches.get_one::<String>(about.key) else { continue };
            let origin = match matches.value_source(about.key) {
                Some(ValueSource::EnvVariable) => Origin::Variable(about.variable),
                _ => Origin::Flag(about.key),
            };
            // A variable that is set to nothing, as container tools do with what they do not know,
            // is none.
            if !(text.is_empty() && matches!(origin, Origin::Variable(_))) {
                values.insert(about.key, Value { text: text.clone(), origin });
            }
        }
        Ok(Self { values, scope: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl<S: Scope> Args for Given<S> {
    fn augment_args(command: Command) -> Command {
        S::SETTINGS.iter().fold(command, |command, group| {
            command.args(
                group.settings.iter().map(|about| argument(about).help_heading(group.heading)),
            )
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn settings<S: Scope>() -> impl Iterator<Item = &'static About> {
    S::SETTINGS.iter().flat_map(|group| group.settings.iter().copied())
}

fn argument(about: &'static About) -> Arg {
    let default =
        about.default.map(|default| format!("; default: {}", default())).unwrap_or_default();
    Arg::new(about.key)
        .long(about.key)
        .env(about.variable)
        // Named in the text instead, on a line of its own.
        .hide_env(true)
        .value_name(about.placeholder)
        .help(format!("{}\n[{}{default}]", about.help, about.variable))
}
