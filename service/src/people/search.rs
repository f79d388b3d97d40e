//! Lists of people, and search by the beginning of any word of their names.

use crate::{
    Result, Services,
    database::sql::place_of,
    page::{Page, PageRequest, RowKey, SortBy, SortColumns},
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
    /// The role is one of these.
    pub roles: Option<Vec<UserRole>>,
    /// Whether the person is active is one of these.
    pub active: Option<Vec<bool>>,
}

const COLUMNS: SortColumns<user::Column> =
    SortColumns { id: user::Column::Id, name: user::Column::FullName, due_date: None };

/// A page of the people.
///
/// # Errors
/// Returns errors of the database.
pub async fn list(
    services: &Services,
    filter: &PeopleFilter,
    sort: SortBy,
    page: &PageRequest<RowKey>,
) -> Result<Page<user::Model>> {
    let query = select(services.database.backend(), filter);
    let query = page.sorted(query, sort, COLUMNS);
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
    if let Some(roles) = &filter.roles {
        query = query.filter(user::Column::Role.is_in(roles.iter().copied()));
    }
    if let Some(active) = &filter.active {
        query = query.filter(user::Column::Active.is_in(active.iter().copied()));
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
        let after = Some(RowKey::Name("Ada".to_owned(), Uuid::nil()));
        let page = PageRequest { after, ..PageRequest::first(20) };
        let filtered = PeopleFilter {
            search: Some("ada".to_owned()),
            roles: Some(vec![UserRole::Member]),
            active: Some(vec![true]),
        };
        for (name, filter) in [("all", PeopleFilter::default()), ("filtered", filtered)] {
            assert_statement(&format!("people.{name}"), |backend| {
                let people = select(backend, &filter);
                page.sorted(people, SortBy::Name, COLUMNS).build(backend)
            });
        }
    }

    #[test]
    fn each_word_begins_a_line() {
        assert_eq!(search_name("Anna-Maria  ÖZ", "a_b"), "\nanna-\nmaria \nöz\n\na_\nb");
        assert_eq!(search_name("50% %", "x"), "\n50% \n%\n\nx");
    }
}
