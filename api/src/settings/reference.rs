//! Documentation that comes from the table: the sample settings file and `docs/settings.md`.

use super::{
    groups::SERVING,
    row::Row,
    table::{in_file, in_group},
};

/// Longest line of the sample file.
const WIDTH: usize = 100;

/// A settings file in which every setting is commented out, with its purpose, values and default.
#[must_use]
pub fn template() -> String {
    let mut lines = vec![
        "# Settings of Memoranda. Remove the # in front of a setting to change its value."
            .to_owned(),
        "# Flags and environment variables win over this file.".to_owned(),
    ];
    for group in SERVING {
        let mut rows = in_file().filter(|row| row.group == *group).peekable();
        if rows.peek().is_some() {
            lines.extend([String::new(), String::new(), format!("# == {} ==", group.heading())]);
        }
        for row in rows {
            lines.push(String::new());
            lines.extend(comment(&sentence(row.help())));
            lines.extend(comment(&format!("Values: {}", row.accepts)));
            lines.extend(comment(&format!("Default: {}", row.default_for_people())));
            let value = row.accepts.in_toml(&row.default().unwrap_or_default());
            lines.push(format!("#{} = {value}", row.key));
        }
    }
    lines.join("\n") + "\n"
}

/// The text of `docs/settings.md`.
#[must_use]
pub fn reference() -> String {
    let mut lines = vec![INTRODUCTION.trim_end().to_owned()];
    for group in SERVING {
        lines.extend([
            format!("\n## {}\n", group.heading()),
            "| setting | what it is for | values | default |".to_owned(),
            "| --- | --- | --- | --- |".to_owned(),
        ]);
        lines.extend(in_group(*group).map(table_row));
    }
    lines.join("\n") + "\n"
}

const INTRODUCTION: &str = "\
# Settings

<!-- Made by `just generate` from the table in api/src/settings/table. -->

Each setting has a flag, an environment variable and a key in the settings file. All three have the
name that this page lists: `max-depth` is the flag `--max-depth`, the variable `MEMORANDA_MAX_DEPTH`
and, in `memoranda.toml`, the line `max-depth = 16`. The flag wins over the variable, the variable
over the file, the file over the default. An empty variable counts as none. `config` names the
settings file and has no key in it.

`memoranda settings` prints the values that a server would run with and where each comes from.
`memoranda settings template > memoranda.toml` writes a settings file with all settings commented
out.
";

fn table_row(row: &'static Row) -> String {
    let cells = [sentence(row.help()), row.accepts.to_string(), row.default_for_people()];
    format!("| `{}` | {} |", row.key, cells.map(|text| cell(&text)).join(" | "))
}

/// Text in a cell of a table in Markdown.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('*', "\\*")
}

/// The help as a sentence, which ends with a full stop.
fn sentence(help: &str) -> String {
    format!("{help}.")
}

/// The text as lines of a comment.
fn comment(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("# {word}")),
        }
    }
    lines
}
