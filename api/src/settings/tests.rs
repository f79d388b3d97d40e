//! Precedence and error texts.

use super::{
    file,
    flags::{Given, Scope},
    groups::{self, in_file},
    kinds::{directives, masked_url, media_types, sqlite_file, sqlite_url},
    limits::MAX_DEPTH,
    setting::{Group, Setting},
    table::{
        CONFIG, DATABASE_URL, FILE_STORE, JWT_AUDIENCE, JWT_ISSUER, JWT_SECRET, LISTEN,
        LOCAL_ACCOUNTS, MAIL_FROM, OIDC_ADMIN_VALUE, OIDC_AUDIENCE, OIDC_ISSUER, OIDC_PROVISION,
        OIDC_ROLE_CLAIM, PUBLIC_URL, PURGE_EVERY, RESTORABLE_DAYS, SMTP_URL,
    },
    values::{DEFAULT_FILE, Origin, Value, Values},
    watching::{LOG, LOG_FORMAT},
};
use clap::{Args, Command, FromArgMatches};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

type Given1 = (&'static str, Value);

fn flag<T>(setting: &Setting<T>, text: &str) -> Given1 {
    (setting.about.key, Value { text: text.to_owned(), origin: Origin::Flag(setting.about.key) })
}

fn variable<T>(setting: &Setting<T>, text: &str) -> Given1 {
    (
        setting.about.key,
        Value { text: text.to_owned(), origin: Origin::Variable(setting.about.variable) },
    )
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

    fn values(&self, given: impl IntoIterator<Item = Given1>) -> Result<Values, String> {
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
        const SETTINGS: &'static [Group] = &[groups::SERVER];
    }
    let command = Given::<Listening>::augment_args(Command::new("test"));
    let listen = command.get_arguments().find(|argument| argument.get_id() == "listen").unwrap();
    assert_eq!(listen.get_env().unwrap(), "MEMORANDA_LISTEN");
    let matches = command.get_matches_from(["test", "--listen", "127.0.0.1:1"]);
    let given = Given::<Listening>::from_arg_matches(&matches).unwrap();
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
    let summary = values.summary(&[groups::TOKENS, groups::DATABASE]);
    assert!(!summary.contains("too short") && !summary.contains("lovelace"), "{summary}");
    assert_eq!(masked_url("postgres:ada:lovelace@localhost"), "***@localhost");
    assert_eq!(
        masked_url("postgres://localhost/db?password=lovelace"),
        "postgres://localhost/db?***"
    );
}

/// The same settings of mail with one given differently.
fn mail_with(given: impl IntoIterator<Item = Given1>) -> Values {
    let usual = [flag(&SMTP_URL, "smtp://localhost:25"), flag(&MAIL_FROM, "memos@example.org")];
    let given = usual.into_iter().chain(given).collect();
    Values::with_file(given, Path::new("/nonexistent")).unwrap()
}

#[test]
fn mail_needs_a_server_and_a_sender_that_can_be_used() {
    assert!(Values::default().mail().unwrap().is_none(), "no mail server, no mail");
    assert!(mail_with([]).mail().unwrap().is_some());
    let no_sender = BTreeMap::from([flag(&SMTP_URL, "smtp://localhost")]);
    let no_sender = Values::with_file(no_sender, Path::new("/nonexistent")).unwrap();
    let error = no_sender.mail().unwrap_err().to_string();
    assert!(
        error.starts_with("mail-from is not set: give an address such as memos@example.org"),
        "{error}"
    );

    for good in [
        "smtp://localhost",
        "smtp://u:p%40q@mail.example.org:587?tls=required",
        "smtp://mail.example.org?tls=opportunistic",
        "smtps://u:p@mail.example.org",
    ] {
        assert!(mail_with([flag(&SMTP_URL, good)]).mail().unwrap().is_some(), "{good}");
    }
    for wrong in [
        "mail.example.org",
        "http://u:secret@mail.example.org",
        "smtp://u:secret@mail.example.org?tls=yes",
        "smtp://u:secret@mail.example.org?tsl=required",
        "smtp://secret@mail.example.org",
        "smtp://u:secret@",
    ] {
        let error = mail_with([flag(&SMTP_URL, wrong)]).mail().unwrap_err().to_string();
        assert!(error.starts_with("smtp-url is ") && error.contains(": give smtps://"), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
    for (setting, wrong) in [
        (flag(&MAIL_FROM, "nobody"), "mail-from is \"nobody\""),
        (flag(&MAIL_FROM, "Memos <a@b"), "mail-from is"),
        (flag(&PUBLIC_URL, "crm.example.org"), "public-url is \"crm.example.org\""),
        (flag(&PUBLIC_URL, "javascript://x"), "public-url is"),
    ] {
        let error = mail_with([setting]).mail().unwrap_err().to_string();
        assert!(error.starts_with(wrong), "{error}");
    }
}

#[test]
fn the_mail_servers_password_is_shown_nowhere() {
    let values =
        mail_with([flag(&SMTP_URL, "smtps://ada:love@lace@mail.example.org?tls=required")]);
    let summary = values.summary(&[groups::MAIL]);
    assert!(summary.contains("smtp-url=smtps://***@mail.example.org?tls=required"), "{summary}");
    let values = mail_with([flag(&SMTP_URL, "smtps://ada:lovelace@mail.example.org")]);
    let settings = format!("{:?}", values.mail().unwrap());
    assert!(!settings.contains("lovelace") && !settings.contains("ada"), "{settings}");
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
        refusal("[server]")
            .starts_with("file my.toml, line 1: there is no setting \"server\": there are log, ")
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
fn keys_and_variables_have_the_same_words() {
    for about in in_file().chain([&CONFIG.about]) {
        assert_eq!(
            about.variable,
            format!("MEMORANDA_{}", about.key.to_uppercase().replace('-', "_"))
        );
        assert!(!about.help.is_empty() && !about.expects.is_empty(), "{} lacks a text", about.key);
    }
}

#[test]
fn defaults_are_values() {
    let values = Values::default();
    values.database().unwrap();
    values.limits().unwrap();
    values.get(&LISTEN).unwrap();
    values.get(&RESTORABLE_DAYS).unwrap();
    values.get(&PURGE_EVERY).unwrap();
    values.get(&FILE_STORE).unwrap();
    values.get(&JWT_ISSUER).unwrap();
    values.get(&JWT_AUDIENCE).unwrap();
    values.get(&LOG).unwrap();
    values.get(&LOG_FORMAT).unwrap();
}

#[test]
fn a_misspelt_level_is_no_part_of_the_program() {
    assert!(directives("inof").is_none());
    assert!(directives("").is_none());
    assert!(directives("warn,service=debug").is_some());
}

#[test]
fn files_of_sqlite_are_found_in_addresses() {
    assert_eq!(sqlite_file("sqlite://a%20b/c.db?mode=rwc"), Some(PathBuf::from("a b/c.db")));
    assert_eq!(sqlite_file("sqlite:///a/b.db"), Some(PathBuf::from("/a/b.db")));
    assert_eq!(sqlite_file("sqlite::memory:"), None);
    assert_eq!(sqlite_file("postgres://localhost/a"), None);
    let odd = PathBuf::from("50% off?/é.db");
    assert_eq!(sqlite_file(&sqlite_url(&odd)), Some(odd));
}

#[test]
fn media_types_are_exact_or_all_of_a_kind() {
    assert_eq!(media_types("").unwrap(), [""; 0]);
    assert_eq!(media_types("application/PDF, image/*,").unwrap(), ["application/pdf", "image/*"]);
    for bad in [
        "pdf",
        "*/*",
        "image/*png",
        "image/",
        "application/pdf image/png",
        "text/plain; charset=utf-8",
    ] {
        assert!(media_types(bad).is_none(), "{bad}");
    }
}

#[test]
fn without_a_provider_people_sign_in_with_passwords_and_with_one_its_settings_must_fit() {
    let folder = Folder::with("sign-in", "");
    let values = |given: Vec<Given1>| folder.values(given).unwrap().sign_in();
    let without = values(Vec::new()).unwrap();
    assert!(without.oidc.is_none() && without.local_accounts);
    assert!(!values(vec![flag(&LOCAL_ACCOUNTS, "false")]).unwrap().local_accounts);

    let issuer = || flag(&OIDC_ISSUER, "https://login.example.org");
    let audience = || flag(&OIDC_AUDIENCE, "crm, crm-web");
    let oidc = values(vec![issuer(), audience()]).unwrap().oidc.unwrap();
    assert_eq!(oidc.audiences, ["crm", "crm-web"]);
    assert!(!oidc.recognition.link_by_email && !oidc.recognition.provision && oidc.roles.is_none());

    for (given, problem) in [
        (vec![issuer()], "oidc-audience"),
        (vec![issuer(), audience(), flag(&OIDC_ADMIN_VALUE, "it")], "oidc-role-claim"),
        (
            vec![issuer(), audience(), flag(&JWT_ISSUER, "https://login.example.org")],
            "give jwt-issuer another name",
        ),
        (vec![issuer(), audience(), flag(&OIDC_PROVISION, "maybe")], "true or false"),
        (
            vec![flag(&OIDC_ISSUER, "http://login.example.org"), audience()],
            "https://login.example.org/realms/crm",
        ),
    ] {
        let error = values(given).unwrap_err().to_string();
        assert!(error.contains(problem), "{error:?} instead of {problem:?}");
    }
    let roles =
        vec![issuer(), audience(), flag(&OIDC_ROLE_CLAIM, "groups"), flag(&OIDC_ADMIN_VALUE, "it")];
    assert_eq!(values(roles).unwrap().oidc.unwrap().roles.unwrap().admin.unwrap(), "it");
}
