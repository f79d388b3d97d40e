//! From a checked document to a plan. Fragments are spread, `@skip` and `@include` are decided,
//! variables are replaced by their values, and fields with the same key are merged ([Collecting
//! Fields](https://spec.graphql.org/October2021/#sec-Field-Collection)).

use super::{
    DocumentLimits, Refusal,
    argument_budget::ArgumentBudget,
    introspection::SchemaAllowance,
    plan::{Below, PlannedField, QueryPlan},
    scalars::{CustomScalar, Scalars},
};
use apollo_compiler::{
    ExecutableDocument, Name, Schema,
    ast::Value,
    collections::{HashSet, IndexMap},
    executable::{DirectiveList, Field, Operation, Selection, SelectionSet},
    response::{JsonMap, JsonValue},
    schema::ExtendedType,
    validation::Valid,
};
use async_graphql::{Name as GqlName, Number, Pos, Value as GqlValue};

/// How deeply lists of the schema may be nested, besides the list of all types. Fields of types of
/// fields of types multiply. Tools need one such list.
const MAX_SCHEMA_LISTS: usize = 2;

struct Planner<'a> {
    schema: &'a Valid<Schema>,
    custom_scalars: &'a [CustomScalar],
    document: &'a ExecutableDocument,
    variables: &'a JsonMap,
    fields_left: usize,
    argument_budget: ArgumentBudget,
    /// How many lists of the schema enclose the current field.
    schema_lists: usize,
    limits: &'a DocumentLimits,
}

/// Plans an operation.
///
/// # Errors
/// A limit that the operation exceeds.
pub(super) fn make(
    (schema, schema_allowance): (&Valid<Schema>, &SchemaAllowance),
    custom_scalars: &[CustomScalar],
    document: &ExecutableDocument,
    operation: &Operation,
    variables: &Valid<JsonMap>,
    limits: &DocumentLimits,
) -> Result<QueryPlan, Refusal> {
    let mut planner = Planner {
        schema,
        custom_scalars,
        document,
        variables,
        fields_left: limits.max_fields,
        argument_budget: ArgumentBudget::new(limits.max_list),
        schema_lists: 0,
        limits,
    };
    let root = operation.object_type().clone();
    let fields = planner.fields(&root, &[&operation.selection_set])?;
    if fields.len() > limits.max_root_fields {
        return Err(Refusal::new(format!(
            "The operation has {} fields at its root: at most {} are allowed. Send several \
             requests.",
            fields.len(),
            limits.max_root_fields
        )));
    }
    let asks_for_schema =
        |field: &PlannedField| matches!(field.name.as_str(), "__schema" | "__type");
    if !limits.introspection && fields.iter().any(asks_for_schema) {
        return Err(Refusal::new(
            "This server does not publish its schema: introspection is turned off.",
        ));
    }
    schema_allowance.check(schema, &fields)?;
    Ok(QueryPlan {
        operation_type: operation.operation_type,
        name: operation.name.as_ref().map(ToString::to_string),
        fields,
    })
}

/// The first field with a key, and the selections of all fields with this key.
type Group<'a> = (&'a Field, Vec<&'a SelectionSet>);

impl<'a> Planner<'a> {
    /// The fields of an object of that type, from all those selections together.
    fn fields(
        &mut self,
        object: &Name,
        selections: &[&'a SelectionSet],
    ) -> Result<Vec<PlannedField>, Refusal> {
        let mut groups: IndexMap<&'a Name, Group<'a>> = IndexMap::default();
        let mut spread = HashSet::default();
        for selection in selections {
            self.collect(object, selection, &mut groups, &mut spread);
        }
        self.fields_left = self.fields_left.checked_sub(groups.len()).ok_or_else(|| {
            Refusal::new(format!(
                "The operation is too large: at most {} fields are allowed, counted after its \
                 fragments are spread.",
                self.limits.max_fields
            ))
        })?;
        groups.into_iter().map(|(key, (field, below))| self.field(key, field, &below)).collect()
    }

    fn collect(
        &self,
        object: &Name,
        set: &'a SelectionSet,
        groups: &mut IndexMap<&'a Name, Group<'a>>,
        spread: &mut HashSet<&'a Name>,
    ) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    if self.is_included(&field.directives) {
                        groups
                            .entry(field.response_key())
                            .or_insert_with(|| (field, Vec::new()))
                            .1
                            .push(&field.selection_set);
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let applies =
                        fragment.type_condition.as_ref().is_none_or(|ty| self.is_a(object, ty));
                    if applies && self.is_included(&fragment.directives) {
                        self.collect(object, &fragment.selection_set, groups, spread);
                    }
                }
                Selection::FragmentSpread(named) => {
                    if !self.is_included(&named.directives) || !spread.insert(&named.fragment_name)
                    {
                        continue;
                    }
                    let Some(fragment) = self.document.fragments.get(&named.fragment_name) else {
                        continue;
                    };
                    if self.is_a(object, fragment.type_condition()) {
                        self.collect(object, &fragment.selection_set, groups, spread);
                    }
                }
            }
        }
    }

    fn field(
        &mut self,
        key: &Name,
        field: &'a Field,
        below: &[&'a SelectionSet],
    ) -> Result<PlannedField, Refusal> {
        for argument in &field.arguments {
            self.argument_budget.take(&argument.value, self.variables)?;
        }
        let ty = field.ty().clone();
        let inner = ty.inner_named_type().clone();
        let lists_schema = inner.starts_with("__")
            && matches!(
                field.name.as_str(),
                "fields" | "inputFields" | "interfaces" | "possibleTypes"
            );
        self.schema_lists += usize::from(lists_schema);
        if self.schema_lists > MAX_SCHEMA_LISTS {
            return Err(Refusal::new(format!(
                "The introspection is nested too deep: at most {MAX_SCHEMA_LISTS} levels of lists \
                 of fields, interfaces and possible types are allowed."
            )));
        }
        let below = match self.schema.types.get(&inner) {
            Some(ExtendedType::Object(_)) => Below::Object(self.fields(&inner, below)?),
            Some(ExtendedType::Interface(_) | ExtendedType::Union(_)) => {
                let mut types = Vec::new();
                for object in self.objects_of(&inner) {
                    let fields = self.fields(&object, below)?;
                    types.push((object, fields));
                }
                Below::OneOf(types)
            }
            _ => Below::Leaf,
        };
        self.schema_lists -= usize::from(lists_schema);
        let place = field.name.location().and_then(|span| span.line_column(&self.document.sources));
        Ok(PlannedField {
            key: key.clone(),
            name: field.name.clone(),
            arguments: self.arguments(field)?,
            ty,
            position: place
                .map_or_else(Pos::default, |place| Pos { line: place.line, column: place.column }),
            below,
        })
    }

    /// The types of object that an interface or a union can have, in the order of the schema.
    fn objects_of(&self, abstract_type: &Name) -> Vec<Name> {
        let objects = self.schema.types.iter().filter(|(_, ty)| ty.is_object());
        objects
            .map(|(name, _)| name)
            .filter(|name| self.schema.is_subtype(abstract_type, name))
            .cloned()
            .collect()
    }

    fn is_a(&self, object: &Name, condition: &Name) -> bool {
        object == condition || self.schema.is_subtype(condition, object)
    }

    fn is_included(&self, directives: &DirectiveList) -> bool {
        let holds = |name: &str| {
            directives
                .get(name)
                .and_then(|directive| directive.specified_argument_by_name("if"))
                .map(|value| match value.as_ref() {
                    Value::Boolean(value) => *value,
                    Value::Variable(name) => self
                        .variables
                        .get(name.as_str())
                        .and_then(JsonValue::as_bool)
                        .unwrap_or_default(),
                    _ => false,
                })
        };
        holds("skip") != Some(true) && holds("include") != Some(false)
    }

    /// Arguments with the values of their variables. An argument whose variable was not given is
    /// left out.
    fn arguments(&self, field: &Field) -> Result<Vec<(GqlName, GqlValue)>, Refusal> {
        let scalars = Scalars { schema: self.schema, custom: self.custom_scalars };
        let mut given = Vec::with_capacity(field.arguments.len());
        for argument in &field.arguments {
            let Some(value) = self.value(&argument.value) else { continue };
            if let Some(definition) = field.definition.argument_by_name(&argument.name) {
                scalars.check(&definition.ty, &value, &mut vec![argument.name.to_string()])?;
            }
            given.push((GqlName::new(argument.name.as_str()), value));
        }
        Ok(given)
    }

    fn value(&self, value: &Value) -> Option<GqlValue> {
        Some(match value {
            Value::Null => GqlValue::Null,
            Value::Enum(name) => GqlValue::Enum(GqlName::new(name.as_str())),
            Value::Variable(name) => from_json(self.variables.get(name.as_str())?),
            Value::String(text) => GqlValue::String(text.clone()),
            Value::Boolean(value) => GqlValue::Boolean(*value),
            Value::Int(number) => match number.as_str().parse::<i64>() {
                Ok(number) => GqlValue::Number(number.into()),
                Err(_) => float(number.as_str().parse().unwrap_or_default()),
            },
            Value::Float(number) => float(number.as_str().parse().unwrap_or_default()),
            // In a list, a variable that was not given is null.
            Value::List(items) => GqlValue::List(
                items.iter().map(|item| self.value(item).unwrap_or(GqlValue::Null)).collect(),
            ),
            Value::Object(fields) => GqlValue::Object(
                fields
                    .iter()
                    .filter_map(|(name, value)| {
                        Some((GqlName::new(name.as_str()), self.value(value)?))
                    })
                    .collect(),
            ),
        })
    }
}

fn float(number: f64) -> GqlValue {
    Number::from_f64(number).map_or(GqlValue::Null, GqlValue::Number)
}

fn from_json(value: &JsonValue) -> GqlValue {
    match value {
        JsonValue::Null => GqlValue::Null,
        JsonValue::Bool(value) => GqlValue::Boolean(*value),
        JsonValue::Number(number) => GqlValue::Number(number.clone()),
        JsonValue::String(text) => GqlValue::String(text.as_str().to_owned()),
        JsonValue::Array(items) => GqlValue::List(items.iter().map(from_json).collect()),
        JsonValue::Object(fields) => GqlValue::Object(
            fields
                .iter()
                .map(|(name, value)| (GqlName::new(name.as_str()), from_json(value)))
                .collect(),
        ),
    }
}
