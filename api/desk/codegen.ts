// Types and documents from the schema and the .graphql files, offline. `persistedDocuments` also
// writes the manifest: the documents of this page by their hashes.
import type { CodegenConfig } from "@graphql-codegen/cli";
import { addTypenameSelectionDocumentTransform } from "@graphql-codegen/client-preset";

const config: CodegenConfig = {
  schema: "../../schema.graphql",
  documents: "src/**/*.graphql",
  generates: {
    "src/gql/": {
      preset: "client",
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: { hashAlgorithm: "sha256" },
      },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        avoidOptionals: { field: true, inputValue: false },
        scalars: { Date: "string", DateTime: "string" },
      },
      // The cache needs `__typename`, so the manifest must ask for it too.
      documentTransforms: [addTypenameSelectionDocumentTransform],
    },
  },
};

export default config;
