//! What a document may be.

use crate::settings::{
    declare::settings,
    setting::{number, on_off},
};

settings! {
    /// What a document may be.
    #[derive(Debug, Clone, Copy)]
    pub struct DocumentLimits {
        in Requests {
            /// Most tokens of a document, white space and comments included.
            max_tokens: usize = MAX_TOKENS(
                "max-tokens",
                number(100, 1_000_000).default(20_000)
            );
            /// Deepest nesting of a document's text: selections, lists, objects.
            max_nesting: usize = MAX_NESTING("max-nesting", number(8, 200).default(64));
            /// Most fields with an alias in a document.
            max_aliases: usize = MAX_ALIASES("max-aliases", number(0, 100_000).default(100));
            /// Most directives in a document.
            max_directives: usize = MAX_DIRECTIVES(
                "max-directives",
                number(0, 100_000).default(50)
            );
            /// Most fields at the root of an operation.
            max_root_fields: usize = MAX_ROOT_FIELDS(
                "max-root-fields",
                number(1, 10_000).default(30)
            );
            /// Most fields of an operation, after its fragments are spread.
            max_fields: usize = MAX_FIELDS("max-fields", number(10, 1_000_000).default(5_000));
            /// Most items of a list in an argument or a variable.
            max_list: usize = MAX_LIST("max-list", number(100, 1_000_000).default(1_000));
            /// Whether clients may ask for the schema; GraphiQL needs it.
            introspection: bool = INTROSPECTION("introspection", on_off().default_text("on"));
        }
    }
}

impl Default for DocumentLimits {
    fn default() -> Self {
        Self::defaults()
    }
}
