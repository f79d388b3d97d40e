// schema.graphql by the rules that @graphql-eslint recommends for schemas. Each exception gives its
// reason.
import { fileURLToPath } from "node:url";
import graphql from "@graphql-eslint/eslint-plugin";

export default [
  {
    files: ["**/*.graphql"],
    plugins: { "@graphql-eslint": graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: {
        graphQLConfig: { schema: fileURLToPath(new URL("../../schema.graphql", import.meta.url)) },
      },
    },
    rules: {
      ...graphql.configs["flat/schema-recommended"].rules,
      // The server prints short descriptions inline and long ones as blocks; the file is generated.
      "@graphql-eslint/description-style": "off",
      // The only field is User.username, which is the word for it.
      "@graphql-eslint/no-typename-prefix": "off",
      "@graphql-eslint/strict-id-in-types": [
        "error",
        {
          acceptedIdNames: ["id"],
          acceptedIdTypes: ["ID"],
          exceptions: {
            // What a mutation answers, and the pages of Relay's connections, are of one request:
            // nothing refers to them later.
            suffixes: ["Payload", "UserError", "Connection", "Edge"],
            // The same holds for the parts of a preview and of a page, and for what the viewer
            // alone has one of.
            types: [
              "DeletionItem",
              "DeletionItemCount",
              "MailPreferences",
              "MemoDeletionAlternative",
              "MemoDeletionBlocker",
              "MemoDeletionPreview",
              "MemoDeletionWarning",
              "MemoReassignmentBlocker",
              "MemoReassignmentPreview",
              "MissingLink",
              "PageInfo",
            ],
          },
        },
      ],
    },
  },
];
