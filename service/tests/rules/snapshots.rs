//! The committed tables.

/// Compares a table with the committed one.
pub fn assert_snapshot(name: &str, table: &str) {
    insta::with_settings!({
        snapshot_path => "../../../tests/snapshots", prepend_module_to_snapshot => false,
        omit_expression => true
    }, {
        insta::assert_snapshot!(name, table);
    });
}
