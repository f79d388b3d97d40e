//! The macro that declares rows of the table.

use super::{error::SettingError, row::Row, values::Values};

/// A part of the configuration that is read from settings.
pub trait FromSettings: Sized {
    /// The settings that it declares.
    const ROWS: &'static [&'static Row] = &[];

    /// Reads it.
    ///
    /// # Errors
    /// A setting that cannot be used.
    fn read(values: &Values) -> Result<Self, SettingError>;
}

impl Values {
    /// Reads a part of the configuration.
    ///
    /// # Errors
    /// A setting that cannot be used.
    pub fn read<T: FromSettings>(&self) -> Result<T, SettingError> {
        T::read(self)
    }
}

/// Declares settings, one row each. The doc comment of a row is its help; everything else that a
/// setting needs comes from the row. There are three forms:
///
/// ```text
/// settings! {
///     pub struct Limits {                   // declares a struct: a field for each row
///         in Requests {                     // the group
///             /// Deepest nesting of fields.
///             max_depth: usize = MAX_DEPTH("max-depth", number(1, 1000).default(16));
///         }
///     } and {
///         rates: RateLimits,                // fields that are read from other settings
///     }
/// }
/// settings! { impl DatabaseSettings { … } } // reads a struct that is declared elsewhere
/// settings! { in Mail { … } }               // rows alone, without fields: `Type = NAME(…);`
/// ```
///
/// A block is listed in `table/mod.rs`. Its rows are constants of the type [`Setting`]; a struct
/// implements [`FromSettings`].
///
/// [`Setting`]: super::Setting
macro_rules! settings {
    (
        $(#[$meta:meta])*
        pub struct $Struct:ident {
            $( in $group:ident { $(
                $(#[doc = $help:literal])+
                $field:ident : $type:ty = $NAME:ident($key:literal, $values:expr);
            )+ } )+
        }
        $( and { $( $(#[doc = $doc:literal])+ $part:ident : $Part:ty, )+ } )?
    ) => {
        $(#[$meta])*
        pub struct $Struct {
            $( $( $(#[doc = $help])+ pub $field: $type, )+ )+
            $( $( $(#[doc = $doc])+ pub $part: $Part, )+ )?
        }

        impl $Struct {
            /// The defaults.
            #[must_use]
            pub fn defaults() -> Self {
                Self {
                    $( $( $field: $NAME.default_value(), )+ )+
                    $( $( $part: Default::default(), )+ )?
                }
            }
        }

        settings! {
            impl $Struct {
                $( in $group { $(
                    $(#[doc = $help])+
                    $field: $type = $NAME($key, $values);
                )+ } )+
            }
            $( and { $( $part: $Part, )+ } )?
        }
    };
    (
        impl $Struct:ident {
            $( in $group:ident { $(
                $(#[doc = $help:literal])+
                $field:ident : $type:ty = $NAME:ident($key:literal, $values:expr);
            )+ } )+
        }
        $( and { $( $part:ident : $Part:ty, )+ } )?
    ) => {
        $( $(
            $(#[doc = $help])+
            pub const $NAME: $crate::settings::Setting<$type> =
                $values.named($crate::settings::Group::$group, $key, concat!($($help),+));
        )+ )+

        impl $crate::settings::FromSettings for $Struct {
            const ROWS: &'static [&'static $crate::settings::Row] =
                &[$( $( &$NAME.row, )+ )+];

            fn read(
                values: &$crate::settings::Values,
            ) -> Result<Self, $crate::settings::SettingError> {
                Ok(Self {
                    $( $( $field: values.get(&$NAME)?, )+ )+
                    $( $( $part: values.read::<$Part>()?, )+ )?
                })
            }
        }
    };
    (
        $( in $group:ident { $(
            $(#[doc = $help:literal])+
            $type:ty = $NAME:ident($key:literal, $values:expr);
        )+ } )+
    ) => {
        $( $(
            $(#[doc = $help])+
            pub const $NAME: $crate::settings::Setting<$type> =
                $values.named($crate::settings::Group::$group, $key, concat!($($help),+));
        )+ )+

        /// The rows of this file that have no struct.
        pub(super) const ROWS: &[&$crate::settings::Row] = &[$( $( &$NAME.row, )+ )+];
    };
}
pub(super) use settings;
