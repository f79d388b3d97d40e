//! Tables that are committed under `tests/snapshots`.

/// Asserts that the table is the committed one with this name.
pub fn assert_table(name: &str, table: &str) {
    insta::with_settings!({
        snapshot_path => "../snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, table);
    });
}
