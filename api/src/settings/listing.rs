//! Lists the values in force.

use super::{groups::Group, origin::Origin, table::in_group, values::Values};

impl Values {
    /// The values of those groups, without secrets, and the origins of those that are not defaults.
    pub fn summary(&self, groups: &[Group]) -> String {
        let rows = groups.iter().flat_map(|group| in_group(*group));
        let shown: Vec<String> = rows
            .filter_map(|row| {
                let value = self.value(row)?;
                let origin = match value.origin {
                    Origin::Default => String::new(),
                    origin => format!(" ({origin})"),
                };
                Some(format!("{}={}{origin}", row.key, row.shown(&value.text)))
            })
            .collect();
        shown.join(", ")
    }

    /// A line for each setting of the group, as in a settings file: its value, without secrets, and
    /// the origin of the value.
    pub fn lines(&self, group: Group) -> impl Iterator<Item = String> {
        in_group(group).map(|row| match self.value(row) {
            Some(value) => {
                format!("{} = {:?}  # {}", row.key, row.shown(&value.text), value.origin)
            }
            None => format!("# {} is not set", row.key),
        })
    }
}
