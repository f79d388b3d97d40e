//! Values of single settings, and of settings that depend on each other.

use super::{Entry, Folder, flag};
use crate::{
    auth::SignInSettings,
    graphql::link_id,
    settings::{
        groups::Group,
        parse::{directives, media_types, sqlite_file},
        table::{
            mail::{MAIL_FROM, PUBLIC_URL, SMTP_URL},
            sign_in::{
                LOCAL_ACCOUNTS, OIDC_ADMIN_VALUE, OIDC_AUDIENCE, OIDC_ISSUER, OIDC_PROVISION,
                OIDC_ROLE_CLAIM,
            },
            tokens::JWT_ISSUER,
        },
        values::Values,
    },
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// The mail settings, with one of them replaced.
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
fn a_misspelt_level_is_refused() {
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
    assert_eq!(sqlite_file(&service::database::sqlite_url(&odd)), Some(odd));
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
