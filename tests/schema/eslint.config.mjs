// Checks schema.graphql with the rules that @graphql-eslint recommends for schemas. Each exception
// has its reason.
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
      // The only field is User.username, which is the usual word.
      "@graphql-eslint/no-typename-prefix": "off",
      "@graphql-eslint/strict-id-in-types": [
        "error",
        {
          acceptedIdNames: ["id"],
          acceptedIdTypes: ["ID"],
          exceptions: {
            // Payloads of mutations, and pages of Relay's connections, belong to one request.
            // Nothing refers to them later.
            suffixes: ["Payload", "UserError", "Connection", "Edge"],
            // The same is true for the parts of a preview and of a page, and for objects of which
            // there is only one, or one for each viewer.
            types: [
              "DeletionItem",
              "DeletionItemCount",
              "FileAttachment",
              "KeptPersonalData",
              "MailPreferences",
              "MemoDeletionAlternative",
              "MemoDeletionBlocker",
              "MemoDeletionPreview",
              "MemoDeletionWarning",
              "MemoErasureBlocker",
              "MemoErasurePreview",
              "MemoReassignmentBlocker",
              "MemoReassignmentPreview",
              "MemosDeletionPreview",
              "MemosDeletionPreviewItem",
              "MissingLink",
              "PageInfo",
              "PersonErasureBlocker",
              "PersonErasurePreview",
              "PersonalData",
              "RemovedPersonalData",
              "Server",
            ],
          },
        },
      ],
    },
  },
];
