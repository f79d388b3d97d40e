//! How people sign in.

use crate::{
    auth::{OidcSettings, SignInSettings},
    settings::{
        declare::settings,
        parse::{issuer, names, some_text},
        setting::{days, switch, text},
    },
};
use chrono::TimeDelta;
use service::accounts::Recognition;

settings! {
    impl SignInSettings {
        in SignIn {
            /// Whether people can sign in with a password of this server (signIn). A person has no
            /// password until you set one: `memoranda user password USERNAME`.
            local_accounts: bool = LOCAL_ACCOUNTS(
                "local-accounts",
                switch().default_text("true")
            );
            /// How long a person stays signed in after signing in with a password.
            sessions_last: TimeDelta = SESSION_DAYS("session-days", days(1, 365).default(30));
        }
    } and {
        oidc: Option<OidcSettings>,
    }
}

settings! {
    impl Recognition {
        in SignIn {
            /// Whether a person's first sign-in through the provider links them to the account with
            /// the same address, if the token says `email_verified`. Only for providers that verify
            /// addresses.
            link_by_email: bool = OIDC_LINK_BY_EMAIL(
                "oidc-link-by-email",
                switch().default_text("false")
            );
            /// Whether an unknown person's first sign-in through the provider adds them as a
            /// member.
            provision: bool = OIDC_PROVISION("oidc-provision", switch().default_text("false"));
        }
    }
}

settings! {
    in SignIn {
        /// The OpenID Connect provider that people sign in with: exactly the `iss` of its tokens.
        /// The server discovers its keys.
        String = OIDC_ISSUER(
            "oidc-issuer",
            text(
                "URL",
                "an address such as https://login.example.org/realms/crm; http:// only on this \
                 machine",
                issuer,
            )
        );
        /// Accepted values of `aud` in the provider's tokens, such as the client's id there.
        Vec<String> = OIDC_AUDIENCE(
            "oidc-audience",
            text("NAMES", "names, separated by commas, such as memoranda,crm-web", names)
        );
        /// The claim that holds people's roles, such as `groups` or `realm_access.roles`. A
        /// person's latest token then decides their roles, and roles set here have no effect.
        String = OIDC_ROLE_CLAIM(
            "oidc-role-claim",
            text("CLAIM", "the name of a claim", some_text)
        );
        /// The value of that claim that makes a person a chief.
        String = OIDC_CHIEF_VALUE(
            "oidc-chief-value",
            text("VALUE", "a value of the claim", some_text)
        );
        /// The value of that claim that makes a person an administrator.
        String = OIDC_ADMIN_VALUE(
            "oidc-admin-value",
            text("VALUE", "a value of the claim", some_text)
        );
    }
}
