// Trusted documents: the page sends the id of a document, never its text. The ids and texts are in
// the manifest that graphql-codegen writes, and the server knows that manifest.
import { type GraphQLRequest, type Operation, makeOperation, mapExchange } from "urql";

/** The id of a document, as the manifest has it. */
export function documentId(document: object): string {
  const { __meta__ } = document as { __meta__?: { hash: string } };
  if (!__meta__) throw new Error("This document is not in the manifest.");
  return __meta__.hash;
}

/** Replaces the text by the id on the way out, and brings the document back with the answer. */
export const documentIds = mapExchange({
  onOperation({ kind, context, ...operation }) {
    const query = { kind: "Document", definitions: [], documentId: documentId(operation.query) };
    const request = { ...operation, query } as unknown as GraphQLRequest;
    return makeOperation(kind, request, { ...context, document: operation.query });
  },
  onResult: (result) => ({ ...result, operation: withDocument(result.operation) }),
});

const withDocument = ({ kind, context, ...operation }: Operation) =>
  makeOperation(kind, { ...operation, query: context.document } as GraphQLRequest, context);
