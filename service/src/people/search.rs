//! Lists of people, and search by the beginning of any word of their names.

use crate::{
    Result, Services,
    database::sql::place_of,
    page::{NameKey, Page, PageRequest},
};
use entity::{UserRole, user};
use sea_orm::{
    ColumnTrait, DbBackend, EntityTrait, ExprTrait, IntoSimpleExpr, PaginatorTrait, QueryFilter,
    Select, sea_query::Expr,
};

/// Which people to list. A person must fulfil all conditions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleFilter {
    /// Matches prefixes of words in full name and username, ignoring case.
    pub search: Option<String>,
    /// The person has this role.
    pub role: Option<UserRole>,
    /// Whether the person is active.
    pub active: Option<bool>,
}

/// A page of the people, by full name.
///
/// # Errors
/// Returns errors of the database.
pub async fn list(
    services: &Services,
    filter: &PeopleFilter,
    page: &PageRequest<NameKey>,
) -> Result<Page<user::Model>> {
    let query = page.by_value(
        select(services.database.backend(), filter),
        user::Column::FullName,
        user::Column::Id,
    );
    Ok(Page::of(page, query.all(services.database.connection()).await?))
}

/// How many people match the filter.
///
/// # Errors
/// Returns errors of the database.
pub async fn count(services: &Services, filter: &PeopleFilter) -> Result<u64> {
    Ok(select(services.database.backend(), filter).count(services.database.connection()).await?)
}

fn select(backend: DbBackend, filter: &PeopleFilter) -> Select<user::Entity> {
    let mut query = user::Entity::find();
    if let Some(search) = &filter.search {
        let words = Expr::value(words_on_lines(search));
        let names = user::Column::SearchName.into_simple_expr();
        query = query.filter(place_of(backend, names, words).gt(0));
    }
    if let Some(role) = filter.role {
        query = query.filter(user::Column::Role.eq(role));
    }
    if let Some(active) = filter.active {
        query = query.filter(user::Column::Active.eq(active));
    }
    query
}

/// The value of `users.search_name`: both names in lower case, with each word at the beginning of a
/// line. A search text in the same form matches only at the beginning of a word. An empty line
/// prevents matches that run from one name into the other.
pub fn search_name(full_name: &str, username: &str) -> String {
    format!("{}\n{}", words_on_lines(full_name), words_on_lines(username))
}

/// A word begins after white space, and after any other character that is not a letter or a digit.
/// For example, `Anna-Maria` has two words.
fn words_on_lines(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let mut lines = String::new();
    let mut within_a_word = false;
    for c in words.chars() {
        if !within_a_word && !c.is_whitespace() {
            lines.push('\n');
        }
        lines.push(c);
        within_a_word = c.is_alphanumeric();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;
    use sea_orm::QueryTrait;
    use uuid::Uuid;

    #[test]
    fn statements_are_the_committed_ones() {
        let key = Some(("Ada".to_owned(), Uuid::nil()));
        let page = PageRequest { after: key, ..PageRequest::first(20) };
        let filtered = PeopleFilter {
            search: Some("ada".to_owned()),
            role: Some(UserRole::Member),
            active: Some(true),
        };
        for (name, filter) in [("all", PeopleFilter::default()), ("filtered", filtered)] {
            assert_statement(&format!("people.{name}"), |backend| {
                let people = select(backend, &filter);
                page.by_value(people, user::Column::FullName, user::Column::Id).build(backend)
            });
        }
    }

    #[test]
    fn each_word_begins_a_line() {
        assert_eq!(search_name("Anna-Maria  ÖZ", "a_b"), "\nanna-\nmaria \nöz\n\na_\nb");
        assert_eq!(search_name("50% %", "x"), "\n50% \n%\n\nx");
    }
}
