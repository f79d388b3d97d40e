//! Values that depend on several settings.

use super::{
    declare::FromSettings,
    error::SettingError,
    table::{
        limits::TRUSTED_DOCUMENTS,
        mail::{MAIL_FROM, PUBLIC_URL, SMTP_URL},
        sign_in::{
            OIDC_ADMIN_VALUE, OIDC_AUDIENCE, OIDC_CHIEF_VALUE, OIDC_ISSUER, OIDC_ROLE_CLAIM,
        },
        tokens::{JWT_AUDIENCE, JWT_ISSUER, JWT_SECRET},
    },
    values::Values,
};
use crate::{
    auth::{OidcSettings, RoleClaim, TokenKeys},
    trusted_documents::TrustedDocuments,
};
use service::mail::{LinkTarget, Links, MailSettings};
use std::sync::Arc;

impl Values {
    /// The keys that sign tokens.
    ///
    /// # Errors
    /// A setting that cannot be used, or no secret.
    pub fn keys(&self) -> Result<TokenKeys, SettingError> {
        TokenKeys::new(&self.get(&JWT_SECRET)?, &self.get(&JWT_ISSUER)?, &self.get(&JWT_AUDIENCE)?)
            .map_err(|problem| self.refuse(&JWT_SECRET, problem))
    }

    /// How mail is sent; `None` without a mail server. `id` makes the ids in links.
    ///
    /// # Errors
    /// A setting that cannot be used, or a mail server without a sender.
    pub fn mail(&self, id: fn(LinkTarget) -> String) -> Result<Option<MailSettings>, SettingError> {
        // The server checks both even if it sends no mail.
        let from = self.given(&MAIL_FROM)?;
        let links = self.given(&PUBLIC_URL)?.map(|public_url| Links { public_url, id });
        let Some(server) = self.given(&SMTP_URL)? else { return Ok(None) };
        let from = from.map_or_else(|| self.get(&MAIL_FROM), Ok)?;
        Ok(Some(MailSettings { server, from, links }))
    }
}

impl FromSettings for Option<OidcSettings> {
    fn read(values: &Values) -> Result<Self, SettingError> {
        let Some(issuer) = values.given(&OIDC_ISSUER)? else { return Ok(None) };
        if issuer == values.get(&JWT_ISSUER)? {
            let problem = "tokens that are signed with jwt-secret have that issuer: give \
                jwt-issuer another name";
            return Err(values.refuse(&OIDC_ISSUER, problem));
        }
        Ok(Some(OidcSettings {
            issuer,
            audiences: values.get(&OIDC_AUDIENCE)?,
            recognition: values.read()?,
            roles: values.read()?,
        }))
    }
}

impl FromSettings for Option<RoleClaim> {
    fn read(values: &Values) -> Result<Self, SettingError> {
        let (chief, admin) = (values.given(&OIDC_CHIEF_VALUE)?, values.given(&OIDC_ADMIN_VALUE)?);
        match values.given(&OIDC_ROLE_CLAIM)? {
            Some(claim) => Ok(Some(RoleClaim { claim, chief, admin })),
            None if chief.is_none() && admin.is_none() => Ok(None),
            // Without the claim, the values would silently have no effect.
            None => values.get(&OIDC_ROLE_CLAIM).map(|_| None),
        }
    }
}

impl FromSettings for Option<Arc<TrustedDocuments>> {
    fn read(values: &Values) -> Result<Self, SettingError> {
        let Some(path) = values.given(&TRUSTED_DOCUMENTS)? else { return Ok(None) };
        match TrustedDocuments::read(&path) {
            Ok(documents) => Ok(Some(Arc::new(documents))),
            Err(problem) => Err(values.refuse(&TRUSTED_DOCUMENTS, problem)),
        }
    }
}
