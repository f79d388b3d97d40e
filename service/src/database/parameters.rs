//! Statements written as SQL, with named parameters.

use super::sql::json_list;
use sea_orm::{DbBackend, Statement, Value};
use uuid::Uuid;

/// The clauses that lock rows. The longer one leaves out rows that another transaction has locked.
const LOCKS: [&str; 2] = [" FOR UPDATE SKIP LOCKED", " FOR UPDATE"];

/// The values of a statement written as SQL, by name.
///
/// The text contains `:memo_id` for the value that is bound to `memo_id`, any number of times. It
/// contains `IN :memo_ids` for a list of ids, which is one value ([`id_list`]). The text may
/// contain any white space. The database gets one line with numbers instead of names. For SQLite,
/// clauses that lock rows are removed, since a transaction locks everything when it begins.
#[derive(Debug)]
pub struct Parameters {
    backend: DbBackend,
    bound: Vec<Parameter>,
}

#[derive(Debug)]
struct Parameter {
    name: &'static str,
    /// Its value, until it gets a number.
    value: Option<Value>,
    number: usize,
}

/// A text with a fixed set of parameters. Their names are replaced only once. This is for long
/// texts that run often.
#[derive(Debug)]
pub struct NamedText {
    backend: DbBackend,
    sql: String,
    /// The names of the parameters, in the order of their numbers.
    names: Vec<&'static str>,
}

impl NamedText {
    /// The text for a database, with these names of parameters.
    pub fn new<const N: usize>(backend: DbBackend, text: &str, names: [&'static str; N]) -> Self {
        let mut parameters = Parameters::new(backend);
        for name in names {
            // The value is the name itself. So the order of the values is the order of the numbers.
            parameters.bind(name, name);
        }
        let statement = parameters.statement(text);
        let numbered = statement.values.map(|values| values.0).unwrap_or_default();
        let is = |name: &str, value: &Value| *value == Value::from(name);
        let name = |value: &Value| names.into_iter().find(|name| is(name, value));
        let names = numbered.iter().filter_map(name).collect();
        Self { backend, sql: statement.sql, names }
    }

    /// The statement with these values. A parameter without a value is null.
    pub fn statement<const N: usize>(&self, values: &[(&'static str, Value); N]) -> Statement {
        let value_of = |name: &&'static str| {
            let value = values.iter().find(|(known, _)| known == name);
            value.map_or(Value::String(None), |(_, value)| value.clone())
        };
        let values: Vec<Value> = self.names.iter().map(value_of).collect();
        Statement::from_sql_and_values(self.backend, &self.sql, values)
    }
}

/// The value of a list of ids. It is one parameter, so one prepared statement serves lists of any
/// length.
pub fn id_list(backend: DbBackend, ids: &[Uuid]) -> Value {
    match backend {
        DbBackend::Postgres => ids.to_vec().into(),
        _ => json_list(ids).into(),
    }
}

/// A statement, as far as it is written.
#[derive(Debug, Default)]
struct Written {
    sql: String,
    values: Vec<Value>,
}

impl Parameters {
    /// No values yet, for a statement of this database.
    pub fn new(backend: DbBackend) -> Self {
        Self { backend, bound: Vec::new() }
    }

    /// The database.
    pub fn backend(&self) -> DbBackend {
        self.backend
    }

    /// Binds a value to a name.
    pub fn bind(&mut self, name: &'static str, value: impl Into<Value>) -> &mut Self {
        self.bound.push(Parameter { name, value: Some(value.into()), number: 0 });
        self
    }

    /// Binds a list of ids to a name.
    pub fn bind_ids(&mut self, name: &'static str, ids: &[Uuid]) -> &mut Self {
        self.bind(name, id_list(self.backend, ids))
    }

    /// The statement of the text with these values. They are numbered in the order of their first
    /// use. Values that the text does not use are left out.
    pub fn statement(&mut self, text: &str) -> Statement {
        let mut written = Written { sql: String::with_capacity(text.len()), values: Vec::new() };
        let mut rest = text.trim();
        while let Some(at) = rest.bytes().position(|b| matches!(b, b':' | b'\'' | b' ' | b'\n')) {
            let (before, from) = rest.split_at(at);
            written.sql.push_str(before);
            rest = match from.as_bytes() {
                [b'\'', ..] => written.copy_literal(from),
                [b':', ..] => self.number_parameter(&mut written, from),
                _ => written.copy_space(self.backend, from),
            };
        }
        written.sql.push_str(rest);
        self.bound.clear();
        Statement::from_sql_and_values(self.backend, written.sql, written.values)
    }

    /// The statement of a text in which the names are replaced already, with these values. Values
    /// that the text does not use are left out.
    pub fn statement_of(&mut self, text: &NamedText) -> Statement {
        let bound = std::mem::take(&mut self.bound);
        let value_of = |name: &&'static str| {
            let parameter = bound.iter().find(|parameter| parameter.name == *name);
            parameter.and_then(|parameter| parameter.value.clone()).unwrap_or(Value::String(None))
        };
        let values: Vec<Value> = text.names.iter().map(value_of).collect();
        Statement::from_sql_and_values(text.backend, &text.sql, values)
    }

    /// Replaces the parameter at the beginning of the text. Returns the rest of the text.
    fn number_parameter<'a>(&mut self, written: &mut Written, text: &'a str) -> &'a str {
        let end = text.len() - text.trim_start_matches(':').len();
        let (colons, named) = text.split_at(end);
        let end = named.bytes().position(|b| !b.is_ascii_alphanumeric() && b != b'_');
        let (name, rest) = named.split_at(end.unwrap_or(named.len()));
        let parameter = self.bound.iter_mut().find(|parameter| parameter.name == name);
        match parameter {
            Some(parameter) if colons.len() == 1 => written.push(self.backend, parameter),
            // A cast such as `::text`, or a name without a value, which the database refuses.
            _ => {
                written.sql.push_str(colons);
                written.sql.push_str(name);
            }
        }
        rest
    }
}

impl Written {
    fn push(&mut self, backend: DbBackend, parameter: &mut Parameter) {
        if let Some(value) = parameter.value.take() {
            self.values.push(value);
            parameter.number = self.values.len();
        }
        let number = parameter.number;
        let placeholder = match self.sql.strip_suffix("IN ") {
            Some(before) if backend == DbBackend::Postgres => {
                self.sql.truncate(before.len());
                format!("= ANY(${number})")
            }
            Some(_) => format!("(SELECT unhex(value) FROM json_each(${number}))"),
            None => format!("${number}"),
        };
        self.sql.push_str(&placeholder);
    }

    /// Copies the literal at the beginning of the text. Returns the rest of the text.
    fn copy_literal<'a>(&mut self, text: &'a str) -> &'a str {
        let end = text.bytes().skip(1).position(|b| b == b'\'');
        let (literal, rest) = text.split_at(end.map_or(text.len(), |at| at + 2));
        self.sql.push_str(literal);
        rest
    }

    /// Replaces the white space at the beginning of the text by one space. Removes it next to
    /// brackets, and removes the clauses that SQLite does not need. Returns the rest of the text.
    fn copy_space<'a>(&mut self, backend: DbBackend, text: &'a str) -> &'a str {
        let rest = text.trim_ascii_start();
        if backend != DbBackend::Postgres {
            for lock in LOCKS {
                if let Some(rest) = rest.strip_prefix(lock.trim_start()) {
                    return rest;
                }
            }
        }
        if !self.sql.ends_with('(') && !rest.starts_with(')') {
            self.sql.push(' ');
        }
        rest
    }
}

/// Conditions of a statement written as SQL. A row must fulfil all of them. Each follows an `AND`.
#[derive(Debug)]
pub struct Conditions<'a> {
    text: String,
    parameters: &'a mut Parameters,
}

impl<'a> Conditions<'a> {
    /// No conditions yet, for the statement with these parameters.
    pub fn new(parameters: &'a mut Parameters) -> Self {
        Self { text: String::new(), parameters }
    }

    /// Binds a value to a name that conditions use.
    pub fn bind(&mut self, name: &'static str, value: impl Into<Value>) -> &mut Self {
        self.parameters.bind(name, value);
        self
    }

    /// Adds a condition.
    pub fn and(&mut self, condition: &str) -> &mut Self {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
        self
    }

    /// If there is a value, binds it and adds the condition that uses it.
    pub fn given(
        &mut self,
        name: &'static str,
        value: Option<impl Into<Value>>,
        condition: &str,
    ) -> &mut Self {
        let Some(value) = value else { return self };
        self.parameters.bind(name, value);
        self.and(condition)
    }

    /// Adds the first condition for `true`, and the second one for `false`.
    pub fn either(&mut self, wanted: Option<bool>, [yes, no]: [&str; 2]) -> &mut Self {
        match wanted {
            Some(true) => self.and(yes),
            Some(false) => self.and(no),
            None => self,
        }
    }

    /// The conditions as text.
    pub fn text(&mut self) -> String {
        std::mem::take(&mut self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
        SELECT m.id::text, ' :b  ' AS c FROM memos AS m
        WHERE m.id IN :memo_ids AND m.author_id = :person AND :n < (
            SELECT count(*) FROM users WHERE id = :person
        )
        ORDER BY m.id LIMIT 3 FOR UPDATE SKIP LOCKED";

    fn statement(backend: DbBackend) -> Statement {
        Parameters::new(backend)
            .bind("unused", 1)
            .bind("n", 7)
            .bind("person", "ada")
            .bind_ids("memo_ids", &[Uuid::nil()])
            .statement(TEXT)
    }

    #[test]
    fn parameters_are_numbered_in_the_order_of_their_first_use() {
        let statement = statement(DbBackend::Postgres);
        assert_eq!(
            statement.sql,
            "SELECT m.id::text, ' :b  ' AS c FROM memos AS m WHERE m.id = ANY($1) AND m.author_id \
             = $2 AND $3 < (SELECT count(*) FROM users WHERE id = $2) ORDER BY m.id LIMIT 3 FOR \
             UPDATE SKIP LOCKED"
        );
        let values = statement.values.map(|values| values.0).unwrap_or_default();
        assert_eq!(values.get(1..), Some(&["ada".into(), 7.into()][..]));
    }

    #[test]
    fn a_text_with_fixed_parameters_is_the_same_statement() {
        let text = "SELECT :b, :a, :b";
        let named = NamedText::new(DbBackend::Postgres, text, ["a", "b"]);
        let fixed = named.statement(&[("a", 1.into()), ("b", 2.into())]);
        let mut parameters = Parameters::new(DbBackend::Postgres);
        let bound = parameters.bind("a", 1).bind("b", 2).statement(text);
        assert_eq!(fixed, bound);
        assert_eq!(parameters.bind("a", 1).bind("b", 2).statement_of(&named), bound);
        assert_eq!(fixed.sql, "SELECT $1, $2, $1");
    }

    #[test]
    fn sqlite_gets_lists_as_json_and_no_clause_that_locks() {
        let statement = statement(DbBackend::Sqlite);
        assert!(statement.sql.contains("IN (SELECT unhex(value) FROM json_each($1)) AND"));
        assert!(statement.sql.ends_with(" LIMIT 3"), "{}", statement.sql);
    }
}
