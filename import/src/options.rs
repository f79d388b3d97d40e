//! What the operator asks for.

use entity::{UserRole, WorkStatus};
use std::path::PathBuf;

/// The name of a source, unless the operator gives another one.
pub const DEFAULT_NAME: &str = "django-crm";

/// What to import, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// `sqlite://…`, `postgres://…`, `mysql://…`, or the path of a file that `dumpdata` wrote.
    pub from: String,
    /// The name by which rows remember their source.
    pub name: String,
    /// The folder `MEDIA_ROOT`, or a tar archive of it.
    pub media: Option<PathBuf>,
    /// Whether to write nothing.
    pub dry_run: bool,
    /// The roles of people in groups, and of those with the flags `is_superuser` and `is_staff`.
    /// They replace the usual ones.
    pub roles: Vec<(String, UserRole)>,
    /// The stages of tasks and projects, by the names of their stages there. They replace what
    /// their flags say.
    pub stages: Vec<(String, WorkStatus)>,
    /// How many memos a transaction has.
    pub memos_at_once: u64,
}

impl Options {
    /// An import of everything with the usual mappings.
    pub fn new(from: impl Into<String>) -> Self {
        Self {
            from: from.into(),
            name: DEFAULT_NAME.to_owned(),
            media: None,
            dry_run: false,
            roles: Vec::new(),
            stages: Vec::new(),
            memos_at_once: 500,
        }
    }

    /// The role of somebody in these groups and with these flags: the highest of all.
    pub(crate) fn role_of<'a>(&self, groups: impl IntoIterator<Item = &'a str>) -> UserRole {
        groups.into_iter().filter_map(|group| self.role_of_group(group)).max().unwrap_or(USUAL)
    }

    fn role_of_group(&self, group: &str) -> Option<UserRole> {
        let given = self.roles.iter().rev().find(|(name, _)| name == group);
        let usual = || ROLES.iter().find(|(name, _)| *name == group).map(|(_, role)| *role);
        given.map(|(_, role)| *role).or_else(usual)
    }

    /// The stage that the operator gives for a stage of this name.
    pub(crate) fn stage_of(&self, name: &str) -> Option<WorkStatus> {
        let is_named = |(given, _): &&(String, WorkStatus)| given.eq_ignore_ascii_case(name);
        self.stages.iter().rev().find(is_named).map(|(_, stage)| *stage)
    }
}

/// The flag of superusers, as a name for [`Options::roles`].
pub(crate) const SUPERUSER: &str = "is_superuser";
/// The flag of people who may use the other system's pages, as a name for [`Options::roles`].
pub(crate) const STAFF: &str = "is_staff";

/// The usual roles.
const ROLES: [(&str, UserRole); 2] = [(SUPERUSER, UserRole::Admin), ("chiefs", UserRole::Chief)];
/// The role of everybody else.
const USUAL: UserRole = UserRole::Member;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_role_counts_and_the_operator_may_change_each() {
        let mut options = Options::new("dump.json");
        assert_eq!(options.role_of([]), UserRole::Member);
        assert_eq!(options.role_of(["co-workers", "chiefs"]), UserRole::Chief);
        assert_eq!(options.role_of(["chiefs", SUPERUSER]), UserRole::Admin);
        options.roles = vec![
            (SUPERUSER.to_owned(), UserRole::Member),
            ("department heads".to_owned(), UserRole::Chief),
        ];
        assert_eq!(options.role_of([SUPERUSER]), UserRole::Member);
        assert_eq!(options.role_of(["department heads", STAFF]), UserRole::Chief);
    }
}
