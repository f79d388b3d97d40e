// Writes the reference of the API, docs/api.md, from schema.graphql:
//
//   node tests/schema/reference.mjs > docs/api.md

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import {
  astFromValue,
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  print,
} from "graphql";

const HEAD = `# API reference

Generated from [\`schema.graphql\`](../schema.graphql), which has the same texts.
[For client developers](clients.md) tells how the parts belong together. Every \`…UserError\` has
\`code\`, \`field\` and \`message\`. Every \`…Connection\` has \`nodes\`, \`edges\`,
\`pageInfo\` and \`totalCount\`.
`;

/** The types that say nothing beyond their names, or that the head explains. */
const LEFT_OUT = /(UserError|Connection|Edge|Order)$|^(PageInfo|__.*)$/;

const ROOTS = [
  ["Query", "Queries"],
  ["Mutation", "Mutations"],
  ["Subscription", "Subscriptions"],
];

/** The reference of a schema, as Markdown. */
export function reference(sdl) {
  const schema = buildSchema(sdl);
  const types = Object.values(schema.getTypeMap())
    .filter(({ name }) => !LEFT_OUT.test(name) && !ROOTS.some(([root]) => root === name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const group = (title, belongs, body) => {
    const members = types.filter(belongs);
    const texts = members.map((type) => `### ${type.name}\n\n${about(type)}${body(type)}`);
    return [`## ${title}`, ...texts];
  };
  const sections = [
    HEAD.trim(),
    ...ROOTS.flatMap(([name, title]) => {
      const root = schema.getType(name);
      const fields = Object.values(root.getFields()).map(rootField);
      return [`## ${title}`, wrapped(root.description), ...fields];
    }),
    ...group("Objects", isObjectType, fieldList),
    ...group("Interfaces and unions", (type) => isInterfaceType(type) || isUnionType(type), parts),
    ...group("Inputs", isInputObjectType, fieldList),
    ...group("Enums", isEnumType, (type) =>
      list(type.getValues().map(({ name, description }) => [name, description])),
    ),
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

const about = ({ description }) => (description ? `${wrapped(description)}\n\n` : "");
const list = (rows) =>
  rows.map(([name, text]) => wrapped(`- \`${name}\`: ${text}`, "  ")).join("\n");

/** The text in lines of at most 100 columns; those after the first are indented. */
function wrapped(text, indent = "") {
  const lines = [];
  for (const word of (text ?? "").trim().split(/\s+/)) {
    const last = lines.at(-1);
    const fits = last !== undefined && last.length + 1 + word.length <= 100;
    if (fits) lines[lines.length - 1] += ` ${word}`;
    else lines.push(last === undefined ? word : indent + word);
  }
  return lines.join("\n");
}

function rootField({ name, args, type, description }) {
  const rows = args.map((arg) => [`${arg.name}: ${arg.type}${preset(arg)}`, arg.description]);
  const head = `### ${name}\n\n${wrapped(description)}\n\nReturns \`${type}\`.`;
  return rows.length > 0 ? `${head}\n\n${list(rows)}` : head;
}

function preset({ defaultValue, type }) {
  return defaultValue === undefined ? "" : ` = ${print(astFromValue(defaultValue, type))}`;
}

function fieldList(type) {
  const fields = Object.values(type.getFields());
  return list(
    fields.map((field) => [`${field.name}: ${field.type}${preset(field)}`, field.description]),
  );
}

function parts(type) {
  if (isInterfaceType(type)) return fieldList(type);
  return `One of ${type.getTypes().map(({ name }) => `\`${name}\``).join(", ")}.`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const sdl = readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8");
  process.stdout.write(reference(sdl));
}
