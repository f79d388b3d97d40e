//! The tokens that the server signs.

use crate::settings::{declare::settings, parse::some_text, setting::text};

/// What a value must be.
const NAME: &str = "a name that is not empty";

settings! {
    in Tokens {
        /// The secret of at least 32 bytes that signs tokens. Other users of this machine can see
        /// it if it is given as a flag.
        String = JWT_SECRET(
            "jwt-secret",
            text(
                "SECRET",
                "at least 32 bytes, made for example by `openssl rand -base64 48`",
                some_text,
            )
            .in_demo(
                "A secret instead of the demo's own; without it, the demo creates one at the first \
                 start and keeps it in the folder",
            )
            .masked(|_| "***".to_owned())
        );
        /// The `iss` of tokens.
        String = JWT_ISSUER(
            "jwt-issuer",
            text("NAME", NAME, some_text).default_text("memoranda")
        );
        /// The `aud` of tokens.
        String = JWT_AUDIENCE(
            "jwt-audience",
            text("NAME", NAME, some_text).default_text("memoranda")
        );
    }
}
