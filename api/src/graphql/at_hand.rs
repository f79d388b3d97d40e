//! Writes what is at hand straight as JSON.
//!
//! For every field, the library makes a future, and for every object a map. A list asks for
//! hundreds of values that wait for nothing, so this costs more than reading them. [`at_hand`]
//! writes such a value in one pass over its selection instead. The resolvers are the same: each one
//! is called and polled once. If a resolver waits or fails, or a field is not listed in
//! [`at_hand!`](crate::graphql::at_hand), nothing is written, and the library resolves the value in
//! its own way.

use crate::document::{TYPE_KEY, write_list, written};
use async_graphql::{
    Context, ContextSelectionSet, ID, OutputType, Positioned, ServerResult, Value,
    parser::types::{Field, Selection},
    registry::Registry,
};
use futures_util::FutureExt;
use std::{borrow::Cow, io::Write};

/// A value that may be at hand.
pub trait AtHand {
    /// Writes what the field in the context selects. `None` if a part of it is not at hand. What is
    /// written then has no meaning.
    fn write(&self, ctx: &Context<'_>, json: &mut Vec<u8>) -> Option<()>;
}

/// A value that is written already, or one that the library resolves.
pub enum Resolved<T> {
    /// Its JSON, in the form that the request asks for.
    Written(Value),
    /// The value itself.
    Itself(T),
}

/// How many bytes are reserved for a value. A list of 20 memos has about 10 KB.
const USUAL_BYTES: usize = 16 * 1024;

/// What `write` writes for the field in the context, if all that is selected is at hand.
pub fn at_hand<T>(
    ctx: &Context<'_>,
    write: impl FnOnce(&Context<'_>, &mut Vec<u8>) -> Option<()>,
) -> Option<Resolved<T>> {
    let mut json = Vec::with_capacity(USUAL_BYTES);
    write(ctx, &mut json)?;
    Some(Resolved::Written(written(String::from_utf8(json).ok()?)))
}

#[async_trait::async_trait]
impl<T: OutputType> OutputType for Resolved<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        match self {
            Self::Written(json) => Ok(json.clone()),
            Self::Itself(value) => value.resolve(ctx, field).await,
        }
    }
}

/// The result of a resolver that waits for nothing and succeeds.
pub fn ready<T, E>(resolver: impl Future<Output = Result<T, E>>) -> Option<T> {
    resolver.now_or_never()?.ok()
}

/// Writes an object. `field` writes the value of a field with that name.
pub fn write_object(
    ctx: &Context<'_>,
    json: &mut Vec<u8>,
    type_name: &str,
    mut field: impl FnMut(&str, &Context<'_>, &mut Vec<u8>) -> Option<()>,
) -> Option<()> {
    let selection = &ctx.item.node.selection_set;
    let object = ctx.with_selection_set(selection);
    json.push(b'{');
    let mut separator = None;
    for selected in &selection.node.items {
        let Selection::Field(asked) = &selected.node else { return None };
        let key = asked.node.response_key().node.as_str();
        if key == TYPE_KEY {
            continue;
        }
        json.extend(separator);
        separator = Some(b',');
        json.push(b'"');
        json.extend_from_slice(key.as_bytes());
        json.extend_from_slice(b"\":");
        match asked.node.name.node.as_str() {
            "__typename" => write_text(type_name, json)?,
            name => field(name, &object.with_field(asked), json)?,
        }
    }
    json.push(b'}');
    Some(())
}

fn write_text(text: &str, json: &mut Vec<u8>) -> Option<()> {
    serde_json::to_writer(json, text).ok()
}

/// Writes an object by its own resolvers. Each line is a field and its resolver. Fields with a
/// guard must not be listed, because only the library runs guards. After `or` follows a method that
/// writes some further fields.
#[macro_export]
macro_rules! at_hand {
    ($object:ident { $($field:literal => $resolver:ident),* $(,)? } $(or $further:ident)?) => {
        impl $crate::graphql::at_hand::AtHand for $object {
            fn write(
                &self,
                ctx: &async_graphql::Context<'_>,
                json: &mut Vec<u8>,
            ) -> Option<()> {
                use $crate::graphql::at_hand::{ready, write_object};
                write_object(ctx, json, stringify!($object), |field, ctx, json| match field {
                    $($field => ready(self.$resolver(ctx))?.write(ctx, json),)*
                    _ => $crate::at_hand!(@further self, field, ctx, json $(, $further)?),
                })
            }
        }
    };
    (@further $object:ident, $field:ident, $ctx:ident, $json:ident) => { None };
    (@further $object:ident, $field:ident, $ctx:ident, $json:ident, $further:ident) => {
        $object.$further($field, $ctx, $json)
    };
}

impl AtHand for str {
    fn write(&self, _: &Context<'_>, json: &mut Vec<u8>) -> Option<()> {
        write_text(self, json)
    }
}

impl AtHand for String {
    fn write(&self, _: &Context<'_>, json: &mut Vec<u8>) -> Option<()> {
        write_text(self, json)
    }
}

impl AtHand for ID {
    fn write(&self, _: &Context<'_>, json: &mut Vec<u8>) -> Option<()> {
        write_text(self, json)
    }
}

impl AtHand for bool {
    fn write(&self, _: &Context<'_>, json: &mut Vec<u8>) -> Option<()> {
        json.extend_from_slice(if *self { b"true" } else { b"false" });
        Some(())
    }
}

macro_rules! numbers {
    ($($number:ty),+) => {
        $(
            impl AtHand for $number {
                fn write(&self, _: &Context<'_>, json: &mut Vec<u8>) -> Option<()> {
                    write!(json, "{self}").ok()
                }
            }
        )+
    };
}

numbers! { i32, i64, u64 }

impl<T: AtHand> AtHand for Option<T> {
    fn write(&self, ctx: &Context<'_>, json: &mut Vec<u8>) -> Option<()> {
        match self {
            Some(value) => value.write(ctx, json),
            None => {
                json.extend_from_slice(b"null");
                Some(())
            }
        }
    }
}

impl<T: AtHand> AtHand for Vec<T> {
    fn write(&self, ctx: &Context<'_>, json: &mut Vec<u8>) -> Option<()> {
        write_list(self, json, |item, json| item.write(ctx, json))
    }
}

impl<T: AtHand + ?Sized> AtHand for &T {
    fn write(&self, ctx: &Context<'_>, json: &mut Vec<u8>) -> Option<()> {
        (**self).write(ctx, json)
    }
}

impl<T: AtHand, E> AtHand for Result<T, E> {
    fn write(&self, ctx: &Context<'_>, json: &mut Vec<u8>) -> Option<()> {
        self.as_ref().ok()?.write(ctx, json)
    }
}
