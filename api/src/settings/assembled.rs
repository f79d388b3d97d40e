//! What several settings make together.

use super::{
    defences::{
        ADDRESS_RATE, BODY_IDLE_TIMEOUT, BODY_TIMEOUT, HEADER_TIMEOUT, IDLE_TIMEOUT, INTROSPECTION,
        MAX_ANSWER_BYTES, MAX_BATCH, MAX_CLIENTS, MAX_CLIENTS_PER_ADDRESS, MAX_ERRORS,
        MAX_HEADER_BYTES, MAX_LIST, MAX_RUNNING, MAX_STREAMS_PER_PERSON, MAX_SUBSCRIPTIONS,
        MAX_UNSENT_BYTES, MAX_UNSENT_BYTES_PER_CONNECTION, MIN_READ_RATE, MUTATION_RATE,
        PERSON_RATE, SIGN_IN_RATE, TRUSTED_DOCUMENTS, TRUSTED_PROXIES, WEBSOCKET_INIT_TIMEOUT,
        WRITE_TIMEOUT,
    },
    error::SettingError,
    limits::{
        DRAIN, MAX_ALIASES, MAX_BODY_BYTES, MAX_COMPLEXITY, MAX_DEPTH, MAX_DIRECTIVES, MAX_FIELDS,
        MAX_NESTING, MAX_ROOT_FIELDS, MAX_TOKENS, REQUEST_TIMEOUT, SHUTDOWN_TIMEOUT,
    },
    table::{
        ACQUIRE_TIMEOUT, ALLOWED_ORIGINS, DATABASE_URL, JWT_AUDIENCE, JWT_ISSUER, JWT_SECRET,
        LOCAL_ACCOUNTS, LOCK_TIMEOUT, MAIL_FROM, MAX_CONNECTIONS, MAX_STORAGE_BYTES,
        MAX_UPLOAD_BYTES, MAX_UPLOADS_PER_PERSON, MIN_UPLOAD_RATE, OIDC_ADMIN_VALUE, OIDC_AUDIENCE,
        OIDC_CHIEF_VALUE, OIDC_ISSUER, OIDC_LINK_BY_EMAIL, OIDC_PROVISION, OIDC_ROLE_CLAIM,
        PUBLIC_URL, SESSION_DAYS, SMTP_URL, STATEMENT_TIMEOUT, UPLOAD_IDLE_TIMEOUT,
        UPLOAD_MEDIA_TYPES,
    },
    values::Values,
};
use crate::{
    auth::{OidcSettings, RoleClaim, SignInSettings, TokenKeys},
    front_door::DocumentLimits,
    graphql::link_id,
    http::{ClientLimits, Limits, RateLimits, TrustedDocuments},
};
use service::{
    accounts::Recognition,
    database::DatabaseSettings,
    mail::{Links, MailSettings},
};
use std::sync::Arc;

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
            let problem = "tokens that are signed with jwt-secret have that issuer: give \
                jwt-issuer another name";
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
                max_list: self.get(&MAX_LIST)?,
                introspection: self.get(&INTROSPECTION)?,
            },
            max_depth: self.get(&MAX_DEPTH)?,
            max_complexity: self.get(&MAX_COMPLEXITY)?,
            max_body_bytes: self.get(&MAX_BODY_BYTES)?,
            request_timeout: self.get(&REQUEST_TIMEOUT)?,
            max_streams_per_person: self.get(&MAX_STREAMS_PER_PERSON)?,
            max_subscriptions: self.get(&MAX_SUBSCRIPTIONS)?,
            max_errors: self.get(&MAX_ERRORS)?,
            websocket_init_timeout: self.get(&WEBSOCKET_INIT_TIMEOUT)?,
            upload_idle_timeout: self.get(&UPLOAD_IDLE_TIMEOUT)?,
            min_upload_rate: self.get(&MIN_UPLOAD_RATE)?,
            max_uploads_per_person: self.get(&MAX_UPLOADS_PER_PERSON)?,
            drain: self.get(&DRAIN)?,
            shutdown_timeout: self.get(&SHUTDOWN_TIMEOUT)?,
            allowed_origins: self.get(&ALLOWED_ORIGINS)?,
            max_upload_bytes: self.get(&MAX_UPLOAD_BYTES)?,
            max_storage_bytes: Some(self.get(&MAX_STORAGE_BYTES)?).filter(|bytes| *bytes > 0),
            upload_media_types: self.get(&UPLOAD_MEDIA_TYPES)?,
            max_running: self.get(&MAX_RUNNING)?,
            max_unsent_bytes: self.get(&MAX_UNSENT_BYTES)?,
            max_unsent_bytes_per_connection: self.get(&MAX_UNSENT_BYTES_PER_CONNECTION)?,
            max_answer_bytes: self.get(&MAX_ANSWER_BYTES)?,
            max_batch: self.get(&MAX_BATCH)?,
            trusted_documents: self.trusted_documents()?.map(Arc::new),
            rates: RateLimits {
                operations_per_person: self.get(&PERSON_RATE)?,
                mutations_per_person: self.get(&MUTATION_RATE)?,
                operations_per_address: self.get(&ADDRESS_RATE)?,
                sign_ins_per_address: self.get(&SIGN_IN_RATE)?,
            },
            clients: self.clients()?,
        })
    }

    /// How mail is sent; `None` where it is not.
    ///
    /// # Errors
    /// A setting that cannot be used, or no sender although there is a mail server.
    pub fn mail(&self) -> Result<Option<MailSettings>, SettingError> {
        // Refused even where it is not used yet.
        let from = self.given(&MAIL_FROM)?;
        let links = self.given(&PUBLIC_URL)?.map(|public_url| Links { public_url, id: link_id });
        let Some(server) = self.given(&SMTP_URL)? else { return Ok(None) };
        let from = from.map_or_else(|| self.get(&MAIL_FROM), Ok)?;
        Ok(Some(MailSettings { server, from, links }))
    }

    fn clients(&self) -> Result<ClientLimits, SettingError> {
        Ok(ClientLimits {
            max_connections: self.get(&MAX_CLIENTS)?,
            max_connections_per_address: self.get(&MAX_CLIENTS_PER_ADDRESS)?,
            max_header_bytes: self.get(&MAX_HEADER_BYTES)?,
            header_timeout: self.get(&HEADER_TIMEOUT)?,
            body_timeout: self.get(&BODY_TIMEOUT)?,
            body_idle_timeout: self.get(&BODY_IDLE_TIMEOUT)?,
            idle_timeout: self.get(&IDLE_TIMEOUT)?,
            write_timeout: self.get(&WRITE_TIMEOUT)?,
            min_read_rate: self.get(&MIN_READ_RATE)?,
            trusted_proxies: self.get(&TRUSTED_PROXIES)?,
        })
    }

    fn trusted_documents(&self) -> Result<Option<TrustedDocuments>, SettingError> {
        let Some(path) = self.given(&TRUSTED_DOCUMENTS)? else { return Ok(None) };
        TrustedDocuments::read(&path)
            .map(Some)
            .map_err(|problem| self.refuse(&TRUSTED_DOCUMENTS, problem))
    }
}
