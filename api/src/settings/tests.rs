//! Precedence and error texts.

use super::{
    args::{Scope, SettingArgs},
    file,
    groups::{Group, SERVING},
    parse::{directives, masked_url, media_types, sqlite_file, sqlite_url},
    reference::{reference, template},
    setting::Setting,
    table::{
        all,
        database::DATABASE_URL,
        files::FILE_STORE,
        in_file,
        limits::{Limits, MAX_DEPTH},
        mail::{MAIL_FROM, PUBLIC_URL, SMTP_URL},
        observability::{LOG, LOG_FORMAT, OTLP_SAMPLE_RATIO},
        rates::RateLimits,
        schedule::{PURGE_EVERY, RESTORABLE_DAYS, Schedule},
        server::{CONFIG, LISTEN},
        sign_in::{
            LOCAL_ACCOUNTS, OIDC_ADMIN_VALUE, OIDC_AUDIENCE, OIDC_ISSUER, OIDC_PROVISION,
            OIDC_ROLE_CLAIM,
        },
        tokens::{JWT_AUDIENCE, JWT_ISSUER, JWT_SECRET},
    },
    values::{DEFAULT_FILE, Origin, Value, Values},
};
use crate::{auth::SignInSettings, graphql::link_id};
use clap::{Args, Command, FromArgMatches};
use service::database::DatabaseSettings;
use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
    time::Duration,
};

type Entry = (&'static str, Value);

fn flag<T>(setting: &Setting<T>, text: &str) -> Entry {
    (setting.row.key, Value { text: text.to_owned(), origin: Origin::Flag(setting.row.key) })
}

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

/// The same settings of mail with one given differently.
fn mail_with(given: impl IntoIterator<Item = Entry>) -> Values {
    let usual = [flag(&SMTP_URL, "smtp://localhost:25"), flag(&MAIL_FROM, "memos@example.org")];
    let given = usual.into_iter().chain(given).collect();
    Values::with_file(given, Path::new("/nonexistent")).unwrap()
}

#[test]
fn mail_needs_a_server_and_a_sender_that_can_be_used() {
    assert!(Values::default().mail(link_id).unwrap().is_none(), "no mail server, no mail");
    assert!(mail_with([]).mail(link_id).unwrap().is_some());
    let no_sender = BTreeMap::from([flag(&SMTP_URL, "smtp://localhost")]);
    let no_sender = Values::with_file(no_sender, Path::new("/nonexistent")).unwrap();
    let error = no_sender.mail(link_id).unwrap_err().to_string();
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
        assert!(mail_with([flag(&SMTP_URL, good)]).mail(link_id).unwrap().is_some(), "{good}");
    }
    for wrong in [
        "mail.example.org",
        "http://u:secret@mail.example.org",
        "smtp://u:secret@mail.example.org?tls=yes",
        "smtp://u:secret@mail.example.org?tsl=required",
        "smtp://secret@mail.example.org",
        "smtp://u:secret@",
    ] {
        let error = mail_with([flag(&SMTP_URL, wrong)]).mail(link_id).unwrap_err().to_string();
        assert!(error.starts_with("smtp-url is ") && error.contains(": give smtps://"), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
    for (setting, wrong) in [
        (flag(&MAIL_FROM, "nobody"), "mail-from is \"nobody\""),
        (flag(&MAIL_FROM, "Memos <a@b"), "mail-from is"),
        (flag(&PUBLIC_URL, "crm.example.org"), "public-url is \"crm.example.org\""),
        (flag(&PUBLIC_URL, "javascript://x"), "public-url is"),
    ] {
        let error = mail_with([setting]).mail(link_id).unwrap_err().to_string();
        assert!(error.starts_with(wrong), "{error}");
    }
}

#[test]
fn the_mail_servers_password_is_shown_nowhere() {
    let values =
        mail_with([flag(&SMTP_URL, "smtps://ada:love@lace@mail.example.org?tls=required")]);
    let summary = values.summary(&[Group::Mail]);
    assert!(summary.contains("smtp-url=smtps://***@mail.example.org?tls=required"), "{summary}");
    let values = mail_with([flag(&SMTP_URL, "smtps://ada:lovelace@mail.example.org")]);
    let settings = format!("{:?}", values.mail(link_id).unwrap());
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
fn keys_and_variables_have_the_same_words() {
    assert_eq!(CONFIG.row.variable(), "MEMORANDA_CONFIG");
    assert_eq!(MAX_DEPTH.row.variable(), "MEMORANDA_MAX_DEPTH");
    let mut keys = HashSet::new();
    for row in all() {
        let is_key = row.key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        assert!(is_key && keys.insert(row.key), "{} is no key of its own", row.key);
        assert!(
            !row.help().is_empty() && !row.accepts.to_string().is_empty(),
            "{} lacks a text",
            row.key
        );
    }
}

#[test]
fn defaults_are_values() {
    let values = Values::default();
    values.read::<DatabaseSettings>().unwrap();
    values.read::<Limits>().unwrap();
    values.get(&LISTEN).unwrap();
    values.get(&RESTORABLE_DAYS).unwrap();
    values.get(&PURGE_EVERY).unwrap();
    values.get(&FILE_STORE).unwrap();
    values.get(&JWT_ISSUER).unwrap();
    values.get(&JWT_AUDIENCE).unwrap();
    values.get(&LOG).unwrap();
    values.get(&LOG_FORMAT).unwrap();
    values.get(&OTLP_SAMPLE_RATIO).unwrap();
    values.read::<Schedule>().unwrap();
    values.read::<SignInSettings>().unwrap();
}

#[test]
fn a_struct_without_settings_has_the_defaults_of_its_rows() {
    let (limits, schedule) = (Limits::default(), Schedule::defaults());
    assert_eq!((limits.max_depth, limits.document.max_tokens), (16, 20_000));
    assert_eq!((limits.max_body_bytes, limits.max_storage_bytes), (1_048_576, None));
    assert_eq!(limits.clients.header_timeout, Duration::from_secs(10));
    assert_eq!(schedule.purge_every, Some(Duration::from_secs(3_600)));
    // Tests ask as often as they like; servers are protected.
    assert_eq!(limits.rates, RateLimits { operations_per_person: 0, ..limits.rates });
    let limits = Values::default().read::<Limits>().unwrap();
    assert_eq!(limits.rates, RateLimits::defaults());
    assert_eq!(limits.rates.mutations_per_person, 300);
    assert_eq!(format!("{:?}", Values::default().read::<Schedule>().unwrap()), {
        format!("{:?}", Schedule::defaults())
    });
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

#[test]
fn the_sample_file_holds_every_setting_and_its_default() {
    let template = template();
    assert!(template.lines().all(|line| line.chars().count() <= 100), "{template}");
    let parsed = file::parse(Path::new("sample.toml"), &template).unwrap();
    assert!(parsed.is_empty(), "every setting is commented out");
    let used: Vec<String> = template
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
        .map(str::to_owned)
        .collect();
    let values = file::parse(Path::new("sample.toml"), &used.join("\n")).unwrap();
    assert_eq!(values.len(), in_file().count());
    for (key, value) in values {
        let row = in_file().find(|row| row.key == key).unwrap();
        assert_eq!(value.text, row.default().unwrap_or_default(), "{key}");
    }
}

#[test]
fn the_page_of_settings_is_the_one_that_is_committed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/settings.md");
    let committed = std::fs::read_to_string(path).unwrap();
    assert_eq!(committed, reference(), "run `just generate`, and review docs/settings.md");
    assert_eq!(SERVING.len(), reference().matches("\n## ").count());
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
    let values = |given: Vec<Entry>| folder.values(given).unwrap().read::<SignInSettings>();
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
