//! Limits how much of the schema an operation may query by introspection.
//!
//! The schema is known, so the size of the answer is counted exactly before anything runs: each
//! object in the answer, each of its fields, and the length of the descriptions.

use super::{
    Refusal,
    plan::{Below, PlannedField},
};
use apollo_compiler::{
    Name, Node, Schema,
    ast::{DirectiveDefinition, EnumValueDefinition, FieldDefinition, InputValueDefinition, Type},
    collections::HashMap,
    schema::{Component, ExtendedType, Implementers},
    validation::Valid,
};

/// Most types that an operation may query by name. Tools query one.
const MAX_TYPES_BY_NAME: usize = 10;
/// How many parts an answer may have for each type, field, argument and value of the schema. The
/// query with which tools read the whole schema needs about half of them.
const PARTS_PER_ELEMENT: usize = 30;
/// How many bytes of a description count as one part.
const TEXT_PER_PART: usize = 16;

/// How much of the schema an operation may query.
pub(super) struct SchemaAllowance {
    /// Most objects, fields and pieces of text in the answer.
    parts: usize,
    implementers: HashMap<Name, Implementers>,
}

impl SchemaAllowance {
    /// The allowance for that schema.
    pub(super) fn of(schema: &Valid<Schema>) -> Self {
        let of_type = |ty: &ExtendedType| {
            1 + match ty {
                ExtendedType::Object(object) => with_arguments(object.fields.values()),
                ExtendedType::Interface(interface) => with_arguments(interface.fields.values()),
                ExtendedType::Enum(values) => values.values.len(),
                ExtendedType::InputObject(input) => input.fields.len(),
                ExtendedType::Scalar(_) | ExtendedType::Union(_) => 0,
            }
        };
        let in_types: usize = schema.types.values().map(of_type).sum();
        let directives = schema.directive_definitions.values();
        let in_directives: usize = directives.map(|directive| 1 + directive.arguments.len()).sum();
        Self {
            parts: (in_types + in_directives) * PARTS_PER_ELEMENT,
            implementers: schema.implementers_map(),
        }
    }

    /// Checks the fields of a query.
    ///
    /// # Errors
    /// The query asks for too much of the schema.
    pub(super) fn check(&self, schema: &Schema, fields: &[PlannedField]) -> Result<(), Refusal> {
        let asked = |name: &str| fields.iter().filter(|field| field.name == name).count();
        if asked("__schema") > 1 {
            return Err(Refusal::new(
                "The operation asks for `__schema` more than once: ask once.",
            ));
        }
        if asked("__type") > MAX_TYPES_BY_NAME {
            return Err(Refusal::new(format!(
                "The operation asks for too many types: `__type` is allowed at most \
                 {MAX_TYPES_BY_NAME} times."
            )));
        }
        let mut count = Count { schema, allowance: self, left: self.parts };
        for field in fields {
            let element = match field.name.as_str() {
                "__schema" => Some(Element::Schema),
                "__type" => named_type(schema, field),
                _ => None,
            };
            if let Some(element) = element {
                count.object(element, &field.below)?;
            }
        }
        Ok(())
    }
}

/// Counts fields with their arguments.
fn with_arguments<'s>(fields: impl Iterator<Item = &'s Component<FieldDefinition>>) -> usize {
    fields.map(|field| 1 + field.arguments.len()).sum()
}

fn named_type<'s>(schema: &'s Schema, field: &PlannedField) -> Option<Element<'s>> {
    let (_, name) = field.arguments.iter().find(|(argument, _)| argument == "name")?;
    let async_graphql::Value::String(name) = name else { return None };
    schema.types.get(name.as_str()).map(Element::Type)
}

/// An element that introspection can return.
#[derive(Clone, Copy)]
enum Element<'s> {
    Schema,
    Type(&'s ExtendedType),
    /// A list type, or a non-null type unless `nullable`.
    Wrapper {
        ty: &'s Type,
        nullable: bool,
    },
    Field(&'s FieldDefinition),
    Input(&'s InputValueDefinition),
    EnumValue(&'s EnumValueDefinition),
    Directive(&'s DirectiveDefinition),
}

struct Count<'s> {
    schema: &'s Schema,
    allowance: &'s SchemaAllowance,
    left: usize,
}

impl<'s> Count<'s> {
    /// Counts an object in the answer, with its content.
    fn object(&mut self, element: Element<'s>, below: &Below) -> Result<(), Refusal> {
        let Below::Object(fields) = below else { return Ok(()) };
        self.take(1)?;
        for field in fields {
            let text = match field.name.as_str() {
                "description" => element.description().map_or(0, str::len),
                _ => 0,
            };
            self.take(1 + text / TEXT_PER_PART)?;
            if matches!(field.below, Below::Object(_)) {
                for child in self.children(element, &field.name) {
                    self.object(child, &field.below)?;
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, parts: usize) -> Result<(), Refusal> {
        self.left = self.left.checked_sub(parts).ok_or_else(|| {
            Refusal::new(format!(
                "The operation asks for too much of the schema: at most {} objects and fields of \
                 it may be answered, and fewer with long descriptions. Read /schema.graphql \
                 instead.",
                self.allowance.parts
            ))
        })?;
        Ok(())
    }

    /// The objects that a field of an element returns.
    fn children(&self, element: Element<'s>, field: &str) -> Vec<Element<'s>> {
        let types = &self.schema.types;
        match (element, field) {
            (Element::Schema, "types") => types.values().map(Element::Type).collect(),
            (Element::Schema, "directives") => {
                let directives = self.schema.directive_definitions.values();
                directives.map(|directive| Element::Directive(directive)).collect()
            }
            (Element::Schema, _) => {
                // The root types are objects. The largest one represents each of them.
                let objects = types.values().filter(|ty| ty.is_object());
                let largest = objects.max_by_key(|ty| fields_of(ty).len());
                largest.map(Element::Type).into_iter().collect()
            }
            (Element::Type(ty), "fields") => fields_of(ty),
            (Element::Type(ExtendedType::InputObject(input)), "inputFields") => {
                input.fields.values().map(|field| Element::Input(field)).collect()
            }
            (Element::Type(ExtendedType::Enum(values)), "enumValues") => {
                values.values.values().map(|value| Element::EnumValue(value)).collect()
            }
            (Element::Type(ExtendedType::Object(object)), "interfaces") => {
                let names = object.implements_interfaces.iter();
                names.filter_map(|name| types.get(&name.name)).map(Element::Type).collect()
            }
            (Element::Type(ExtendedType::Union(union)), "possibleTypes") => {
                let names = union.members.iter();
                names.filter_map(|name| types.get(&name.name)).map(Element::Type).collect()
            }
            (Element::Type(ExtendedType::Interface(interface)), "possibleTypes") => {
                let objects = self.allowance.implementers.get(&interface.name);
                let names = objects.into_iter().flat_map(|implementers| &implementers.objects);
                names.filter_map(|name| types.get(name)).map(Element::Type).collect()
            }
            (Element::Wrapper { ty, nullable }, "ofType") => {
                let wrapped = self.wrapped(ty, nullable);
                wrapped.into_iter().collect()
            }
            (Element::Field(field), "args") => inputs(&field.arguments),
            (Element::Directive(directive), "args") => inputs(&directive.arguments),
            (Element::Field(field), "type") => self.type_of(&field.ty).into_iter().collect(),
            (Element::Input(input), "type") => self.type_of(&input.ty).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn type_of(&self, ty: &'s Type) -> Option<Element<'s>> {
        match ty {
            Type::Named(name) => self.schema.types.get(name).map(Element::Type),
            ty => Some(Element::Wrapper { ty, nullable: false }),
        }
    }

    /// The type inside a list type or a non-null type.
    fn wrapped(&self, ty: &'s Type, nullable: bool) -> Option<Element<'s>> {
        let named = |name| self.schema.types.get(name).map(Element::Type);
        match ty {
            Type::Named(name) | Type::NonNullNamed(name) => named(name),
            Type::NonNullList(_) if !nullable => Some(Element::Wrapper { ty, nullable: true }),
            Type::List(item) | Type::NonNullList(item) => self.type_of(item),
        }
    }
}

fn fields_of(ty: &ExtendedType) -> Vec<Element<'_>> {
    match ty {
        ExtendedType::Object(object) => fields(object.fields.values()),
        ExtendedType::Interface(interface) => fields(interface.fields.values()),
        _ => Vec::new(),
    }
}

fn fields<'s>(fields: impl Iterator<Item = &'s Component<FieldDefinition>>) -> Vec<Element<'s>> {
    fields.map(|field| Element::Field(field)).collect()
}

fn inputs(arguments: &[Node<InputValueDefinition>]) -> Vec<Element<'_>> {
    arguments.iter().map(|argument| Element::Input(argument)).collect()
}

impl<'s> Element<'s> {
    fn description(self) -> Option<&'s str> {
        match self {
            Self::Schema | Self::Wrapper { .. } => None,
            Self::Type(ty) => ty.description().map(Node::as_str),
            Self::Field(field) => field.description.as_deref(),
            Self::Input(input) => input.description.as_deref(),
            Self::EnumValue(value) => value.description.as_deref(),
            Self::Directive(directive) => directive.description.as_deref(),
        }
    }
}
