//! What a provider's token says about a person.

use crate::auth::SignInProblem;
use chrono::{DateTime, Utc};
use entity::UserRole;
use serde_json::{Map, Value};
use service::accounts::Claimed;

/// Longest name of a person at a provider ([OpenID Connect Core,
/// 2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)).
const MAX_SUBJECT: usize = 255;

/// Where a provider's token holds a person's roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleClaim {
    /// The claim's name, or the path to it with dots: `realm_access.roles`.
    pub claim: String,
    /// The value that makes a person a CHIEF.
    pub chief: Option<String>,
    /// The value that makes a person an ADMIN.
    pub admin: Option<String>,
}

impl RoleClaim {
    fn role(&self, claims: &Map<String, Value>) -> UserRole {
        let values = self.find(claims);
        let has = |wanted: &Option<String>| {
            let is_wanted =
                |value: &Value| value.is_string() && value.as_str() == wanted.as_deref();
            match values {
                Some(Value::Array(values)) => values.iter().any(is_wanted),
                Some(value) => is_wanted(value),
                None => false,
            }
        };
        if has(&self.admin) {
            UserRole::Admin
        } else if has(&self.chief) {
            UserRole::Chief
        } else {
            UserRole::Member
        }
    }

    /// The claim. Names may themselves contain dots: `https://example.org/roles`.
    fn find<'c>(&self, claims: &'c Map<String, Value>) -> Option<&'c Value> {
        if let Some(value) = claims.get(&self.claim) {
            return Some(value);
        }
        let mut steps = self.claim.split('.');
        let first = claims.get(steps.next()?)?;
        steps.try_fold(first, |value, step| value.get(step))
    }
}

/// What verified claims say about a person.
pub(super) fn claimed(
    issuer: &str,
    roles: Option<&RoleClaim>,
    claims: &Map<String, Value>,
) -> Result<Claimed, SignInProblem> {
    let text = |name: &str| {
        let text = claims.get(name).and_then(Value::as_str);
        text.map(str::to_owned).filter(|text| !text.trim().is_empty() && !text.contains('\0'))
    };
    let subject =
        text("sub").filter(|sub| sub.len() <= MAX_SUBJECT).ok_or(SignInProblem::Incomplete)?;
    let role = match roles {
        Some(roles) => Some((roles.role(claims), issued_at(claims).ok_or(SignInProblem::Undated)?)),
        None => None,
    };
    Ok(Claimed {
        issuer: issuer.to_owned(),
        subject,
        email: text("email"),
        // Some providers write it as text.
        email_verified: claims
            .get("email_verified")
            .is_some_and(|value| *value == true || *value == "true"),
        username: text("preferred_username"),
        full_name: text("name"),
        role,
    })
}

fn issued_at(claims: &Map<String, Value>) -> Option<DateTime<Utc>> {
    moment(claims.get("iat")?.as_f64()?)
}

/// A time from seconds, which may have fractions.
pub(super) fn moment(seconds: f64) -> Option<DateTime<Utc>> {
    #[expect(clippy::cast_possible_truncation, reason = "a time beyond the calendar is not valid")]
    DateTime::from_timestamp_micros((seconds * 1e6) as i64)
}

#[cfg(test)]
mod tests {
    use super::{RoleClaim, claimed};
    use entity::UserRole;
    use serde_json::{Value, json};

    fn role(claim: &str, claims: &Value) -> UserRole {
        let roles = RoleClaim {
            claim: claim.to_owned(),
            chief: Some("management".to_owned()),
            admin: Some("it".to_owned()),
        };
        roles.role(claims.as_object().unwrap())
    }

    #[test]
    fn roles_are_found_wherever_providers_put_them() {
        assert_eq!(role("role", &json!({ "role": "it" })), UserRole::Admin);
        assert_eq!(role("groups", &json!({ "groups": ["staff", "management"] })), UserRole::Chief);
        assert_eq!(role("groups", &json!({ "groups": ["management", "it"] })), UserRole::Admin);
        assert_eq!(
            role("realm_access.roles", &json!({ "realm_access": { "roles": ["it"] } })),
            UserRole::Admin
        );
        assert_eq!(
            role("https://example.org/roles", &json!({ "https://example.org/roles": ["it"] })),
            UserRole::Admin
        );
        for other in [
            json!({}),
            json!({ "groups": null }),
            json!({ "groups": "IT" }),
            json!({ "groups": [["it"]] }),
        ] {
            assert_eq!(role("groups", &other), UserRole::Member);
        }
    }

    #[test]
    fn where_no_value_is_named_nobody_has_it() {
        let roles = RoleClaim { claim: "role".to_owned(), chief: None, admin: None };
        for value in [json!(null), json!("")] {
            assert_eq!(roles.role(json!({ "role": value }).as_object().unwrap()), UserRole::Member);
        }
    }

    #[test]
    fn an_address_is_verified_only_if_it_says_so() {
        for (value, expected) in [
            (json!(true), true),
            (json!("true"), true),
            (json!(false), false),
            (json!(1), false),
            (json!(null), false),
        ] {
            let claims = json!({ "sub": "1", "email": "a@example.org", "email_verified": value });
            let claimed =
                claimed("https://example.org", None, claims.as_object().unwrap()).unwrap();
            assert_eq!(claimed.email_verified, expected, "{value}");
        }
    }
}
