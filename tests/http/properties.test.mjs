// Random valid operations with some failing fields. Every answer fits the schema: nulls are only
// where it allows them, and keys are in the order of the selection. An independent implementation
// checks this: graphql-js executes the same operation on the answer. It must return the same answer
// without an error. Each error puts null where the schema prescribes it: at the nearest nullable
// place.
//
//   MEMORANDA_URL=http://127.0.0.1:8080 MEMORANDA_TOKEN=… node --test properties.test.mjs
//
// SEED selects other operations than the default. A failure names the seed of the failed operation.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  buildSchema,
  execute,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  parse,
  validate,
} from "graphql";

const { MEMORANDA_URL, MEMORANDA_TOKEN, SEED = "1" } = process.env;
assert(MEMORANDA_URL && MEMORANDA_TOKEN, "set MEMORANDA_URL and MEMORANDA_TOKEN");
const OPERATIONS = 300;

let schema;
const ids = { user: [], memo: [], tag: [], task: [], notification: [] };

/** Random numbers that depend only on a seed (mulberry32). */
function dice(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n) => Math.floor(next() * n);
  return { chance: (p) => next() < p, below, one: (list) => list[below(list.length)] };
}

async function ask(query, variables) {
  const response = await fetch(`${MEMORANDA_URL}/graphql`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${MEMORANDA_TOKEN}`,
      "Content-Type": "application/json",
      Accept: "application/graphql-response+json",
    },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, answer: await response.json() };
}

before(async () => {
  schema = buildSchema(await (await fetch(`${MEMORANDA_URL}/schema.graphql`)).text());
  const { answer } = await ask(`{
    users(first: 5) { nodes { id } } tags(first: 3) { nodes { id } }
    tasks(first: 3) { nodes { id } }
    notifications(first: 3) { nodes { id } }
    sent: memos(box: SENT, first: 5) { nodes { id } }
    all: memos(box: ALL_VISIBLE, first: 5) { nodes { id } }
  }`);
  const of = (list) => list.nodes.map(({ id }) => id);
  const { data } = answer;
  Object.assign(ids, {
    user: of(data.users),
    memo: [...of(data.sent), ...of(data.all)],
    tag: of(data.tags),
    task: of(data.tasks),
    notification: of(data.notifications),
  });
});

/** Whether only some of the people who see an object may read this field. */
function isGuarded(field) {
  const auth = field.astNode.directives.find(({ name }) => name.value === "auth");
  return ["PARTICIPANT", "SELF_OR_ADMIN"].includes(auth?.arguments[0].value.value);
}

/** Writes an operation. */
class Writer {
  constructor(seed) {
    this.dice = dice(seed);
    this.keys = 0;
    this.variables = { yes: true, no: false };
    /** The type of each key's value. */
    this.types = new Map();
  }

  operation() {
    const fields = this.selection(schema.getQueryType(), 0, 3);
    return `query Random($yes: Boolean!, $no: Boolean!) {
      k: __typename @include(if: $yes) @skip(if: $no) ... ${fields}
    }`;
  }

  /**
   * A selection of some of the type's fields. It may contain unused ids, and fields that the viewer
   * may not read.
   */
  selection(type, depth, most) {
    const parts = [];
    if (isAbstractType(type)) {
      parts.push("__typename");
      for (const possible of schema.getPossibleTypes(type)) {
        if (this.dice.chance(0.5))
          parts.push(`... on ${possible.name} ${this.selection(possible, depth + 1, 2)}`);
      }
      return `{ ${parts.join(" ")} }`;
    }
    const fields = Object.values(type.getFields()).filter(
      (field) => depth < 4 || isLeafType(getNamedType(field.type)),
    );
    if (fields.length === 0) return "{ __typename }";
    // An object whose only selected fields are those that the viewer may not read.
    const guarded = fields.filter(isGuarded);
    if (guarded.length > 0 && this.dice.chance(0.4)) {
      return `{ ${this.field(this.dice.one(guarded), depth)} }`;
    }
    for (let n = 1 + this.dice.below(most); n > 0; n--) {
      parts.push(this.field(this.dice.one(fields), depth));
    }
    if (this.dice.chance(0.2)) parts.push("__typename");
    if (this.dice.chance(0.2)) {
      const again = this.field(this.dice.one(fields), depth);
      parts.push(`... @include(if: $${this.dice.one(["yes", "no"])}) { ${again} }`);
    }
    return `{ ${parts.join(" ")} }`;
  }

  field(field, depth) {
    // A unique key, so that two fields never conflict. Sometimes the same field appears twice under
    // one key.
    const key = `k${this.keys++}`;
    this.types.set(key, field.type);
    const given = this.arguments(field);
    const type = getNamedType(field.type);
    const below = isLeafType(type) ? "" : ` ${this.selection(type, depth + 1, 3)}`;
    const directive = this.dice.chance(0.1) ? ` @skip(if: $${this.dice.one(["yes", "no"])})` : "";
    const text = `${key}: ${field.name}${given}${directive}${below}`;
    const again = this.dice.chance(0.1)
      ? ` ${key}: ${field.name}${given}${below && ` ${this.selection(type, depth + 1, 1)}`}`
      : "";
    return text + again;
  }

  arguments(field) {
    const given = field.args.flatMap((argument) => {
      if (argument.name === "first") return [`first: ${1 + this.dice.below(3)}`];
      if (["after", "before", "last"].includes(argument.name)) return [];
      const needed = isNonNullType(argument.type) && argument.defaultValue === undefined;
      return needed || this.dice.chance(0.2)
        ? [`${argument.name}: ${this.value(argument.type, argument.name)}`]
        : [];
    });
    return given.length > 0 ? `(${given.join(", ")})` : "";
  }

  value(type, name) {
    const inner = getNullableType(type);
    if (isListType(inner)) return `[${this.value(inner.ofType, name)}]`;
    if (isEnumType(inner)) return this.dice.one(inner.getValues()).name;
    if (isInputObjectType(inner)) {
      const fields = Object.values(inner.getFields()).filter(
        (field) => isNonNullType(field.type) || this.dice.chance(0.2),
      );
      const given = fields.map((field) => `${field.name}: ${this.value(field.type, field.name)}`);
      return `{ ${given.join(", ")} }`;
    }
    switch (inner.name) {
      case "ID": {
        const kind = Object.keys(ids).find((kind) => name.toLowerCase().includes(kind)) ?? "memo";
        const known = this.dice.chance(0.8) ? ids[kind] : this.dice.one(Object.values(ids));
        return JSON.stringify(
          this.dice.chance(0.1) || known.length === 0
            ? "memo_00000000000000000000000000"
            : this.dice.one(known),
        );
      }
      case "Int":
        return String(1 + this.dice.below(5));
      case "Float":
        return "1.5";
      case "Boolean":
        return this.dice.one(["true", "false"]);
      case "DateTime":
        return '"2026-03-02T09:00:00Z"';
      case "Date":
        return '"2026-03-02"';
      default:
        return '"desk"';
    }
  }
}

/** The place of an error's null: the longest part of its path that leads to a nullable type. */
function placeOfNull(path, types) {
  let type;
  let length = 0;
  path.forEach((step, index) => {
    type = typeof step === "string" ? types.get(step) : getNullableType(type).ofType;
    if (!isNonNullType(type)) length = index + 1;
  });
  return path.slice(0, length);
}

/** Where null is on the path: at its end, or before. */
function placeMet(path, data) {
  let place = data;
  let length = 0;
  while (place !== null && length < path.length) place = place[path[length++]];
  assert.equal(place, null, `a value at ${JSON.stringify(path)}`);
  return path.slice(0, length);
}

/** Whether the error's field is the only one of its object. */
function isAlone(path, data) {
  const object = path?.slice(0, -1).reduce((place, step) => place?.[step], data);
  return typeof object === "object" && object !== null && Object.keys(object).length === 1;
}

test(`${OPERATIONS} random operations are answered as the schema promises`, async () => {
  let withErrors = 0;
  let alone = 0;
  let refused = 0;
  for (let n = 0; n < OPERATIONS; n++) {
    const seed = Number(SEED) * 1_000_000 + n;
    const writer = new Writer(seed);
    const query = writer.operation();
    const document = parse(query);
    assert.deepEqual(
      validate(schema, document),
      [],
      `seed ${seed}: the operation is not valid\n${query}`,
    );
    const { status, answer } = await ask(query, writer.variables);
    const what = `seed ${seed}\n${query}\n${JSON.stringify(answer)}`;
    if (status !== 200) {
      // A valid operation may only be refused because it asks for too much at once.
      assert.match(answer.errors[0].message, /at most|too much|once/, what);
      assert(!("data" in answer), what);
      refused++;
      continue;
    }
    if (answer.errors) withErrors++;
    const errors = answer.errors ?? [];
    for (const error of errors) assert.equal(typeof error.extensions.code, "string", what);
    // If there are very many errors, some are only counted.
    if (errors.every((error) => error.path)) {
      const places = errors.map(({ path }) => placeOfNull(path, writer.types));
      const allowed = new Set(places.map((place) => JSON.stringify(place)));
      for (const { path } of errors) {
        const met = JSON.stringify(placeMet(path, answer.data));
        assert(allowed.has(met), `a null at ${met} that no error asks for: ${what}`);
      }
    }
    if (errors.some(({ path }) => isAlone(path, answer.data))) alone++;
    if (answer.data === null) {
      assert(answer.errors.length > 0, what);
      continue;
    }
    const judged = await execute({
      schema,
      document,
      rootValue: answer.data,
      variableValues: writer.variables,
      fieldResolver: (source, _, __, { path }) => source[path.key],
      typeResolver: ({ __typename }) => __typename,
    });
    assert.equal(judged.errors, undefined, `${judged.errors}\n${what}`);
    assert.equal(JSON.stringify(judged.data), JSON.stringify(answer.data), what);
  }
  assert(
    withErrors > OPERATIONS / 20,
    `only ${withErrors} answers had errors: too few for a result`,
  );
  assert(alone > OPERATIONS / 100, `only ${alone} answers have an object with nothing else`);
  assert(refused < OPERATIONS / 4, `${refused} operations were refused`);
});
