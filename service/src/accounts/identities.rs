//! Finds the person to whom an OpenID Connect token belongs.
//!
//! Only the provider's `iss` and `sub` identify a person. Email addresses and names can pass to
//! other people.

use super::{
    erased,
    errors::{LinkError, RecogniseError},
};
use crate::{
    Result, Services,
    database::{
        Parameters, in_transaction,
        lock::lock_table,
        sql::{column_names, equals_text},
    },
    ids,
    people::{check_email, check_full_name, check_username, search_name, taken},
};
use chrono::{DateTime, Utc};
use entity::{UserRole, identity, user};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    ExprTrait, FromQueryResult, IntoActiveModel, QueryFilter, QuerySelect, Set, Statement,
};

/// How many usernames are tried for a person whose username is taken.
const NAMES_TRIED: u32 = 50;

/// The claims of a verified token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The provider's `iss`.
    pub issuer: String,
    /// The person's `sub`.
    pub subject: String,
    /// The email address.
    pub email: Option<String>,
    /// Whether the provider has verified the email address.
    pub email_verified: bool,
    /// The username.
    pub username: Option<String>,
    /// The full name.
    pub full_name: Option<String>,
    /// The role that the provider assigns, and the time of that assignment. `None` if the provider
    /// does not decide on roles.
    pub role: Option<(UserRole, DateTime<Utc>)>,
}

/// What happens when a person signs in for the first time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recognition {
    /// Whether a person with a verified email address is linked to the person who has that address
    /// here.
    pub link_by_email: bool,
    /// Whether a new person is added.
    pub provision: bool,
}

/// Links a person to a provider's subject, on behalf of the server's operator. Repeating this
/// changes nothing.
///
/// # Errors
/// Returns the reason why they are not linked.
pub async fn link(
    services: &Services,
    person: &user::Model,
    issuer: &str,
    subject: &str,
) -> Result<(), LinkError> {
    let identity = identity::Model {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        user_id: person.id,
        created_at: services.now(),
        role_as_of: None,
    };
    in_transaction(&services.database, async |transaction| -> Result<_, LinkError> {
        lock_table::<user::Entity>(transaction).await?;
        let erased_at = user::Entity::find_by_id(person.id)
            .select_only()
            .column(user::Column::ErasedAt)
            .into_tuple::<Option<DateTime<Utc>>>()
            .one(transaction)
            .await?;
        if erased_at.flatten().is_some() {
            return Err(LinkError::Erased);
        }
        let of_subject =
            identity::Column::Subject.eq(subject).or(identity::Column::UserId.eq(person.id));
        let known =
            identity::Entity::find().filter(identity::Column::Issuer.eq(issuer)).filter(of_subject);
        match known.one(transaction).await? {
            Some(known) if known.subject == subject && known.user_id == person.id => Ok(()),
            Some(_) => Err(LinkError::AlreadyLinked),
            None => {
                identity.clone().into_active_model().insert(transaction).await?;
                tracing::info!(id = %ids::user(person.id),
                    "person linked to the OpenID Connect provider");
                Ok(())
            }
        }
    })
    .await
}

/// The person of a token. It takes one statement for a person who has signed in before.
///
/// # Errors
/// Returns the reason why they are refused.
pub async fn recognise(
    services: &Services,
    claimed: &Claimed,
    recognition: Recognition,
) -> Result<user::Model, RecogniseError> {
    let known = find(services.database.connection(), claimed).await?;
    let person = match known {
        Some((person, role_as_of)) if !is_news(claimed, role_as_of) => person,
        _ => see(services, claimed, recognition).await?,
    };
    // This refusal is outside the transaction, so that an inactive person remains linked to the
    // provider.
    if person.active { Ok(person) } else { Err(RecogniseError::Inactive) }
}

/// Stores what is new in the token: the link to the person, and the role if the person is active.
async fn see(
    services: &Services,
    claimed: &Claimed,
    recognition: Recognition,
) -> Result<user::Model, RecogniseError> {
    in_transaction(&services.database, async |transaction| -> Result<_, RecogniseError> {
        let mut known = find(transaction, claimed).await?;
        if known.is_none() {
            // The lock keeps unused usernames and email addresses unused. If two first requests
            // come at the same time, the second one finds the person that the first one has added.
            lock_table::<user::Entity>(transaction).await?;
            known = find(transaction, claimed).await?;
        }
        let (person, role_as_of) = match known {
            Some(known) => known,
            None => (first_seen(services, transaction, claimed, recognition).await?, None),
        };
        match claimed.role {
            Some((role, as_of)) if person.active && is_news(claimed, role_as_of) => {
                Ok(give_role(transaction, claimed, person, role, as_of).await?)
            }
            _ => Ok(person),
        }
    })
    .await
}

/// Whether the token's role is newer than the known role.
fn is_news(claimed: &Claimed, role_as_of: Option<DateTime<Utc>>) -> bool {
    claimed.role.is_some_and(|(_, as_of)| role_as_of.is_none_or(|known| as_of > known))
}

async fn find(
    connection: &impl ConnectionTrait,
    claimed: &Claimed,
) -> Result<Option<(user::Model, Option<DateTime<Utc>>)>> {
    let known = person_of_identity_statement(
        connection.get_database_backend(),
        &claimed.issuer,
        &claimed.subject,
    );
    let Some(row) = connection.query_one_raw(known).await? else { return Ok(None) };
    Ok(Some((user::Model::from_query_result(&row, "")?, row.try_get("", "role_as_of")?)))
}

fn person_of_identity_statement(backend: DbBackend, issuer: &str, subject: &str) -> Statement {
    let columns = column_names::<user::Entity>("u.");
    Parameters::new(backend).bind("issuer", issuer).bind("subject", subject).statement(&format!(
        "SELECT {columns}, i.role_as_of
        FROM identities i
        JOIN users u ON u.id = i.user_id
        WHERE i.issuer = :issuer AND i.subject = :subject"
    ))
}

async fn first_seen(
    services: &Services,
    transaction: &DatabaseTransaction,
    claimed: &Claimed,
    recognition: Recognition,
) -> Result<user::Model, RecogniseError> {
    let subject = erased::subject(&claimed.issuer, &claimed.subject);
    if erased::is_known(transaction, &subject).await? {
        return Err(RecogniseError::Erased);
    }
    let with_address = match &claimed.email {
        Some(email) => {
            user::Entity::find()
                .filter(equals_text(user::Column::Email, email))
                .one(transaction)
                .await?
        }
        None => None,
    };
    let may_link = recognition.link_by_email && claimed.email_verified;
    let person = match with_address {
        Some(person) if may_link && !has_identity(transaction, claimed, &person).await? => person,
        _ if !recognition.provision => return Err(RecogniseError::Unknown),
        Some(_) => return Err(RecogniseError::EmailTaken),
        None => {
            // An address may have passed to somebody else, whom an administrator can add.
            if let Some(email) = &claimed.email
                && erased::is_known(transaction, &erased::address(email)).await?
            {
                return Err(RecogniseError::Erased);
            }
            let new =
                new_person(services, transaction, claimed).await?.ok_or(RecogniseError::NoEmail)?;
            new.into_active_model().insert(transaction).await?
        }
    };
    let identity = identity::Model {
        issuer: claimed.issuer.clone(),
        subject: claimed.subject.clone(),
        user_id: person.id,
        created_at: services.now(),
        role_as_of: None,
    };
    identity.into_active_model().insert(transaction).await?;
    tracing::info!(id = %ids::user(person.id), "person of the OpenID Connect provider seen for the \
        first time");
    Ok(person)
}

/// Whether the person already has another identity at the provider.
async fn has_identity(
    transaction: &DatabaseTransaction,
    claimed: &Claimed,
    person: &user::Model,
) -> Result<bool> {
    let identity = identity::Entity::find()
        .filter(identity::Column::UserId.eq(person.id))
        .filter(identity::Column::Issuer.eq(claimed.issuer.as_str()));
    Ok(identity.one(transaction).await?.is_some())
}

/// A new person. `None` without a usable email address.
async fn new_person(
    services: &Services,
    transaction: &DatabaseTransaction,
    claimed: &Claimed,
) -> Result<Option<user::Model>> {
    let Some(email) = claimed.email.clone().filter(|email| check_email(email).is_ok()) else {
        return Ok(None);
    };
    let wanted = short_name(claimed.username.as_deref().unwrap_or(&email));
    let username = free_name(services, transaction, &wanted).await?;
    let full_name = claimed.full_name.as_deref().and_then(|name| check_full_name(name).ok());
    let full_name = full_name.unwrap_or_else(|| username.clone());
    Ok(Some(user::Model {
        id: services.new_id(),
        search_name: search_name(&full_name, &username),
        username,
        full_name,
        email,
        role: UserRole::Member,
        active: true,
        created_at: services.now(),
        erased_at: None,
    }))
}

/// The characters of a name that are allowed in a username.
fn short_name(name: &str) -> String {
    let local = name.split('@').next().unwrap_or_default();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let short: String = local.chars().map(|c| if allowed(c) { c } else { '.' }).take(56).collect();
    let short = short.trim_start_matches(['.', '_', '-']).trim_end_matches('.').to_owned();
    if check_username(&short).is_ok() { short } else { "person".to_owned() }
}

/// The username, or the username with a number if somebody has it.
async fn free_name(
    services: &Services,
    transaction: &DatabaseTransaction,
    wanted: &str,
) -> Result<String> {
    for n in 1..=NAMES_TRIED {
        let name = if n == 1 { wanted.to_owned() } else { format!("{wanted}-{n}") };
        if taken(transaction, Some(&name), None, None).await?.is_none() {
            return Ok(name);
        }
    }
    Ok(format!("person-{}", services.new_id().simple()))
}

async fn give_role(
    transaction: &DatabaseTransaction,
    claimed: &Claimed,
    person: user::Model,
    role: UserRole,
    as_of: DateTime<Utc>,
) -> Result<user::Model> {
    let identity = identity::ActiveModel {
        issuer: Set(claimed.issuer.clone()),
        subject: Set(claimed.subject.clone()),
        role_as_of: Set(Some(as_of)),
        ..Default::default()
    };
    identity.update(transaction).await?;
    if person.role == role {
        return Ok(person);
    }
    tracing::info!(id = %ids::user(person.id), role = role.as_str(),
        "the OpenID Connect provider gave another role");
    let mut person = person.into_active_model();
    person.role = Set(role);
    Ok(person.update(transaction).await?)
}

#[cfg(test)]
mod tests {
    use super::{person_of_identity_statement, short_name};
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("person_of_identity", |backend| {
            person_of_identity_statement(backend, "", "")
        });
    }

    #[test]
    fn any_name_becomes_a_username() {
        for (name, expected) in [
            ("ada", "ada"),
            ("ada.lovelace@example.org", "ada.lovelace"),
            ("Ada Lovelace", "Ada.Lovelace"),
            ("Zoë", "Zo"),
            ("名前", "person"),
            ("@", "person"),
            ("..", "person"),
        ] {
            assert_eq!(short_name(name), expected);
        }
        assert_eq!(short_name(&"x".repeat(300)).len(), 56);
    }
}
