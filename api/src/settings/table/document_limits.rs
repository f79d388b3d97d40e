//! Limits of a GraphQL document.

use crate::settings::{
    declare::settings,
    setting::{number, on_off},
};

settings! {
    /// Limits of a GraphQL document.
    #[derive(Debug, Clone, Copy)]
    pub struct DocumentLimits {
        in Requests {
            /// Maximum number of tokens in a document, including white space and comments.
            max_tokens: usize = MAX_TOKENS(
                "max-tokens",
                number(100, 1_000_000).default(20_000)
            );
            /// Maximum nesting depth of a document's text: selections, lists and objects.
            max_nesting: usize = MAX_NESTING("max-nesting", number(8, 200).default(64));
            /// Maximum number of fields with an alias in a document.
            max_aliases: usize = MAX_ALIASES("max-aliases", number(0, 100_000).default(100));
            /// Maximum number of directives in a document.
            max_directives: usize = MAX_DIRECTIVES(
                "max-directives",
                number(0, 100_000).default(50)
            );
            /// Maximum number of fields at the root of an operation.
            max_root_fields: usize = MAX_ROOT_FIELDS(
                "max-root-fields",
                number(1, 10_000).default(30)
            );
            /// Maximum number of fields of an operation, counted after its fragments are spread.
            max_fields: usize = MAX_FIELDS("max-fields", number(10, 1_000_000).default(5_000));
            /// Maximum number of items of a list in an argument or a variable.
            max_list: usize = MAX_LIST("max-list", number(100, 1_000_000).default(1_000));
            /// Whether clients may query the schema (introspection); GraphiQL needs this.
            introspection: bool = INTROSPECTION("introspection", on_off().default_text("on"));
        }
    }
}

impl Default for DocumentLimits {
    fn default() -> Self {
        Self::defaults()
    }
}
