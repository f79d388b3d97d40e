//! What several settings make together.

use super::{
    error::SettingError,
    table::{
        ACQUIRE_TIMEOUT, ALLOWED_ORIGINS, DATABASE_URL, JWT_AUDIENCE, JWT_ISSUER, JWT_SECRET, LOCAL_ACCOUNTS,
        LOCK_TIMEOUT, MAX_ALIASES, MAX_BODY_BYTES, MAX_COMPLEXITY, MAX_CONNECTIONS, MAX_DEPTH,
        MAX_DIRECTIVES, MAX_FIELDS, MAX_NESTING, MAX_ROOT_FIELDS, MAX_TOKENS, OIDC_ADMIN_VALUE,
        OIDC_AUDIENCE, OIDC_CHIEF_VALUE, OIDC_ISSUER, OIDC_LINK_BY_EMAIL, OIDC_PROVISION, OIDC_ROLE_CLAIM,
        REQUEST_TIMEOUT, SESSION_DAYS, SHUTDOWN_TIMEOUT, STATEMENT_TIMEOUT,
    },
    values::Values,
};
use crate::{
    auth::{OidcSettings, RoleClaim, SignInSettings, TokenKeys},
    front_door::DocumentLimits,
    http::Limits,
};
use service::{accounts::Recognition, database::DatabaseSettings};

impl Values {
    /// How to reach the database.
    ///
    /// # Errors
    /// A setting that cannot be used.
    pub fn database(&self) -> Result<DatabaseSettings, SettingError> {
        Ok(DatabaseSettings {
            url: self.get(&DATABASE_URL)?,
            max_connections: self.get(&MAX_CONNECTIONS)?,
            acquire_timeout: self.get(&ACQUIRE_TIMEOUT)?,
            statement_timeout: self.get(&STATEMENT_TIMEOUT)?,
            lock_timeout: self.get(&LOCK_TIMEOUT)?,
        })
    }

    /// How people sign in.
    ///
    /// # Errors
    /// A setting that cannot be used, or no secret.
    pub fn keys(&self) -> Result<TokenKeys, SettingError> {
        TokenKeys::new(&self.get(&JWT_SECRET)?, &self.get(&JWT_ISSUER)?, &self.get(&JWT_AUDIENCE)?)
            .map_err(|problem| self.refuse(&JWT_SECRET, problem))
    }

    /// How else people sign in.
    ///
    /// # Errors
    /// A setting that cannot be used, or not with the others.
    pub fn sign_in(&self) -> Result<SignInSettings, SettingError> {
        Ok(SignInSettings {
            oidc: self.oidc()?,
            local_accounts: self.get(&LOCAL_ACCOUNTS)?,
            sessions_last: self.get(&SESSION_DAYS)?,
        })
    }

    fn oidc(&self) -> Result<Option<OidcSettings>, SettingError> {
        let Some(issuer) = self.given(&OIDC_ISSUER)? else { return Ok(None) };
        if issuer == self.get(&JWT_ISSUER)? {
            let problem =
                "tokens that are signed with jwt-secret have that issuer: give jwt-issuer another name";
            return Err(self.refuse(&OIDC_ISSUER, problem));
        }
        Ok(Some(OidcSettings {
            issuer,
            audiences: self.get(&OIDC_AUDIENCE)?,
            recognition: Recognition {
                link_by_email: self.get(&OIDC_LINK_BY_EMAIL)?,
                provision: self.get(&OIDC_PROVISION)?,
            },
            roles: self.roles()?,
        }))
    }

    fn roles(&self) -> Result<Option<RoleClaim>, SettingError> {
        let (chief, admin) = (self.given(&OIDC_CHIEF_VALUE)?, self.given(&OIDC_ADMIN_VALUE)?);
        match self.given(&OIDC_ROLE_CLAIM)? {
            Some(claim) => Ok(Some(RoleClaim { claim, chief, admin })),
            None if chief.is_none() && admin.is_none() => Ok(None),
            // Without it, the values would say nothing, and nobody would notice.
            None => self.get(&OIDC_ROLE_CLAIM).map(|_| None),
        }
    }

    /// What a request may cost.
    ///
    /// # Errors
    /// A setting that cannot be used.
    pub fn limits(&self) -> Result<Limits, SettingError> {
        Ok(Limits {
            document: DocumentLimits {
                max_tokens: self.get(&MAX_TOKENS)?,
                max_nesting: self.get(&MAX_NESTING)?,
                max_aliases: self.get(&MAX_ALIASES)?,
                max_directives: self.get(&MAX_DIRECTIVES)?,
                max_root_fields: self.get(&MAX_ROOT_FIELDS)?,
                max_fields: self.get(&MAX_FIELDS)?,
            },
            max_depth: self.get(&MAX_DEPTH)?,
            max_complexity: self.get(&MAX_COMPLEXITY)?,
            max_body_bytes: self.get(&MAX_BODY_BYTES)?,
            request_timeout: self.get(&REQUEST_TIMEOUT)?,
            shutdown_timeout: self.get(&SHUTDOWN_TIMEOUT)?,
            allowed_origins: self.get(&ALLOWED_ORIGINS)?,
            ..Limits::default()
        })
    }
}
