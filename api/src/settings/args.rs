//! The flags and environment variables of a command. They come from the table.

use super::{
    error::SettingError,
    groups::Group,
    origin::Origin,
    row::Row,
    table,
    values::{Value, Values},
};
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, parser::ValueSource};
use std::{collections::BTreeMap, marker::PhantomData, path::Path};

/// A command that takes settings.
pub trait Scope {
    /// The groups that it takes.
    const GROUPS: &'static [Group];

    /// Single settings that it takes from other groups. They are listed first.
    const SINGLE: &'static [&'static Row] = &[];

    /// Whether the command is the demo, which replaces some defaults by its own values.
    const IS_DEMO: bool = false;
}

/// The values that flags and environment variables gave to the command `S`.
pub struct SettingArgs<S> {
    values: BTreeMap<&'static str, Value>,
    scope: PhantomData<fn() -> S>,
}

impl<S: Scope> SettingArgs<S> {
    /// Adds the values of the settings file.
    ///
    /// # Errors
    /// The settings file cannot be used.
    pub fn read(self) -> Result<Values, SettingError> {
        self.read_in(Path::new(""))
    }

    pub(super) fn read_in(self, folder: &Path) -> Result<Values, SettingError> {
        Values::with_file(self.values, folder)
    }
}

impl<S: Scope> FromArgMatches for SettingArgs<S> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut values = BTreeMap::new();
        for row in rows::<S>() {
            let Some(text) = matches.get_one::<String>(row.key) else { continue };
            let origin = match matches.value_source(row.key) {
                Some(ValueSource::EnvVariable) => Origin::Variable(row.key),
                _ => Origin::Flag(row.key),
            };
            // An empty variable counts as none: container tools set unknown variables to an empty
            // text.
            if !(text.is_empty() && matches!(origin, Origin::Variable(_))) {
                values.insert(row.key, Value { text: text.clone(), origin });
            }
        }
        Ok(Self { values, scope: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl<S: Scope> Args for SettingArgs<S> {
    fn augment_args(command: Command) -> Command {
        command.args(rows::<S>().map(|row| argument(row, S::IS_DEMO)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn rows<S: Scope>() -> impl Iterator<Item = &'static Row> {
    let grouped = S::GROUPS.iter().flat_map(|group| table::in_group(*group));
    S::SINGLE.iter().copied().chain(grouped)
}

fn argument(row: &'static Row, is_demo: bool) -> Arg {
    let demo_help = row.demo_help().filter(|_| is_demo);
    let has_default = demo_help.is_none() && row.default().is_some();
    let default = if has_default {
        format!("; default: {}", row.default_for_people())
    } else {
        String::new()
    };
    let help = demo_help.unwrap_or_else(|| row.help());
    let variable = row.variable();
    Arg::new(row.key)
        .long(row.key)
        .help(format!("{help}\n[{variable}{default}]"))
        .help_heading(row.group.heading())
        .env(variable)
        // The help already names it, on its own line.
        .hide_env(true)
        .value_name(row.accepts.placeholder())
}
