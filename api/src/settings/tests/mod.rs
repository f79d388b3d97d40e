//! Precedence and messages.

mod table;
mod values;

use super::{
    args::{Scope, SettingArgs},
    file,
    file::DEFAULT_FILE,
    groups::Group,
    origin::Origin,
    parse::masked_url,
    setting::Setting,
    table::{
        database::DATABASE_URL,
        limits::{Limits, MAX_DEPTH},
        observability::OTLP_SAMPLE_RATIO,
        schedule::{PURGE_EVERY, RESTORABLE_DAYS},
        server::{CONFIG, LISTEN},
        sign_in::LOCAL_ACCOUNTS,
        tokens::JWT_SECRET,
    },
    values::{Value, Values},
};
use clap::{Args, Command, FromArgMatches};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

type Entry = (&'static str, Value);

/// A value that a flag gives.
fn flag<T>(setting: &Setting<T>, text: &str) -> Entry {
    (setting.row.key, Value { text: text.to_owned(), origin: Origin::Flag(setting.row.key) })
}

/// A value that an environment variable gives.
fn variable<T>(setting: &Setting<T>, text: &str) -> Entry {
    (setting.row.key, Value { text: text.to_owned(), origin: Origin::Variable(setting.row.key) })
}

/// A folder with a settings file, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn with(name: &str, file: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("memoranda-settings-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(DEFAULT_FILE), file).unwrap();
        Self(folder)
    }

    fn values(&self, given: impl IntoIterator<Item = Entry>) -> Result<Values, String> {
        Values::with_file(given.into_iter().collect::<BTreeMap<_, _>>(), &self.0)
            .map_err(|error| error.to_string())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

#[test]
fn what_is_given_beats_the_file_and_the_file_beats_the_default() {
    let folder = Folder::with("precedence", "listen = \"127.0.0.1:3\"\nmax-depth = 7\n");

    let given = folder.values([flag(&LISTEN, "127.0.0.1:1")]).unwrap();
    assert_eq!(given.get(&LISTEN).unwrap().port(), 1);
    let given = folder.values([variable(&LISTEN, "127.0.0.1:2")]).unwrap();
    assert_eq!(given.get(&LISTEN).unwrap().port(), 2);
    let none = folder.values([]).unwrap();
    assert_eq!(none.get(&LISTEN).unwrap().port(), 3);
    assert_eq!(none.get(&MAX_DEPTH).unwrap(), 7);
    assert_eq!(none.get(&RESTORABLE_DAYS).unwrap().num_days(), 30);
    assert_eq!(none.given(&RESTORABLE_DAYS).unwrap(), None);
}

#[test]
fn a_flag_beats_the_variable() {
    struct Listening;
    impl Scope for Listening {
        const GROUPS: &'static [Group] = &[Group::Server];
    }
    let command = SettingArgs::<Listening>::augment_args(Command::new("test"));
    let listen = command.get_arguments().find(|argument| argument.get_id() == "listen").unwrap();
    assert_eq!(listen.get_env().unwrap(), "MEMORANDA_LISTEN");
    let matches = command.get_matches_from(["test", "--listen", "127.0.0.1:1"]);
    let given = SettingArgs::<Listening>::from_arg_matches(&matches).unwrap();
    let values = given.read_in(Path::new("/nonexistent")).unwrap();
    assert_eq!(values.shown(&LISTEN), "127.0.0.1:1 (flag --listen)");
}

#[test]
fn a_wrong_value_is_refused_with_its_origin_and_the_remedy() {
    let folder = Folder::with("wrong", "# comment\nrestorable-days = 0\n");
    let text = |values: Values| values.get(&RESTORABLE_DAYS).unwrap_err().to_string();
    let remedy = "give a whole number of days from 1 to 3650";

    assert_eq!(
        text(folder.values([]).unwrap()),
        format!(
            "restorable-days is \"0\" (file {}, line 2): {remedy}",
            folder.0.join(DEFAULT_FILE).display()
        )
    );
    assert_eq!(
        text(folder.values([variable(&RESTORABLE_DAYS, "3651")]).unwrap()),
        format!(
            "restorable-days is \"3651\" (environment variable MEMORANDA_RESTORABLE_DAYS): {remedy}"
        )
    );
    assert_eq!(
        text(folder.values([flag(&RESTORABLE_DAYS, "soon")]).unwrap()),
        format!("restorable-days is \"soon\" (flag --restorable-days): {remedy}")
    );
}

#[test]
fn secrets_are_masked() {
    let values = Values::with_file(
        BTreeMap::from([
            flag(&JWT_SECRET, "too short"),
            variable(&DATABASE_URL, "mysql://ada:lovelace@localhost/memoranda"),
        ]),
        Path::new("/nonexistent"),
    )
    .unwrap();

    let Err(error) = values.keys() else { panic!("nine bytes are enough") };
    assert!(
        error.to_string().starts_with("jwt-secret is *** (flag --jwt-secret): it has 9 bytes"),
        "{error}"
    );
    let error = values.get(&DATABASE_URL).unwrap_err().to_string();
    assert!(
        error.starts_with(
            "database-url is mysql://ada:***@localhost/memoranda (environment \
            variable MEMORANDA_DATABASE_URL): give sqlite://"
        ),
        "{error}"
    );
    let summary = values.summary(&[Group::Tokens, Group::Database]);
    assert!(!summary.contains("too short") && !summary.contains("lovelace"), "{summary}");
    assert_eq!(masked_url("postgres:ada:lovelace@localhost"), "***@localhost");
    assert_eq!(
        masked_url("postgres://localhost/db?password=lovelace"),
        "postgres://localhost/db?***"
    );
}

#[test]
fn a_missing_setting_says_how_to_give_it() {
    let error = Values::default().get(&JWT_SECRET).unwrap_err().to_string();
    assert_eq!(
        error,
        "jwt-secret is not set: give at least 32 bytes, made for example by `openssl rand -base64 \
         48`, in the environment variable \
         MEMORANDA_JWT_SECRET, under the key jwt-secret in the settings file, or with the flag \
         --jwt-secret"
    );
}

#[test]
fn a_file_that_says_something_else_is_refused_by_line() {
    let refusal = |text: &str| match file::parse(Path::new("my.toml"), text) {
        Ok(_) => panic!("{text:?} is accepted"),
        Err(error) => error.to_string(),
    };

    assert_eq!(
        refusal("\ndatabase_ulr = 1"),
        "file my.toml, line 2: there is no setting \"database_ulr\": did you mean database-url?"
    );
    assert!(
        refusal("[server]").starts_with(
            "file my.toml, line 1: there is no setting \"server\": there are listen, "
        )
    );
    assert!(refusal("config = \"x\"").contains("there is no setting \"config\""));
    assert_eq!(
        refusal("max-depth = 1.5"),
        "file my.toml, line 1: max-depth is a number with a fraction: give a whole number from 1 \
         to 1000"
    );
    let error = refusal("listen = \"127.0.0.1:1\"\njwt-secret = \"not closed\nmax-depth = 1");
    assert!(error.starts_with("file my.toml, line 2: "), "{error}");
    assert!(!error.contains("not closed"), "{error}");
}

#[test]
fn a_file_that_was_named_has_to_be_there() {
    let given = BTreeMap::from([variable(&CONFIG, "/nonexistent.toml")]);
    let Err(error) = Values::with_file(given, Path::new("/nonexistent")) else {
        panic!("it is there")
    };
    let error = error.to_string();
    assert!(
        error.starts_with(
            "config is \"/nonexistent.toml\" (environment variable MEMORANDA_CONFIG), which cannot \
             be read"
        ),
        "{error}"
    );
}

#[test]
fn zero_can_mean_never() {
    let folder = Folder::with("never", "purge-every-minutes = 0\nmax-storage-bytes = 0\n");
    let values = folder.values([]).unwrap();
    assert_eq!(values.get(&PURGE_EVERY).unwrap(), None);
    assert_eq!(values.read::<Limits>().unwrap().max_storage_bytes, None);
    let error = folder.values([flag(&PURGE_EVERY, "525601")]).unwrap().get(&PURGE_EVERY);
    let error = error.unwrap_err().to_string();
    assert!(error.ends_with("give a whole number of minutes from 0 (never) to 525600"), "{error}");
}

#[test]
fn a_file_may_spell_values_in_the_types_of_toml() {
    let folder =
        Folder::with("types", "local-accounts = false\notlp-sample-ratio = 0.25\nmax-depth = 3\n");
    let values = folder.values([]).unwrap();
    assert!(!values.get(&LOCAL_ACCOUNTS).unwrap());
    assert!((values.get(&OTLP_SAMPLE_RATIO).unwrap() - 0.25).abs() < f64::EPSILON);
    assert_eq!(values.get(&MAX_DEPTH).unwrap(), 3);
    let Err(error) = file::parse(Path::new("my.toml"), "max-depth = true") else {
        panic!("true is no number")
    };
    assert_eq!(
        error.to_string(),
        "file my.toml, line 1: max-depth is true or false: give a whole number from 1 to 1000"
    );
}
