// Restoring deleted memos, from a toast or from the page of deleted memos.
import { useMutation } from "urql";
import * as gql from "../gql/graphql";
import { toast } from "../toasts";
import { KINDS, problemOf } from "../words";

type Deleted = { id: string; memoName: string | null };

/** Restores memos by the ids of their records, and says how it went. */
export function useRestore() {
  const [, run] = useMutation(gql.RestoreMemoDocument);
  async function restore(records: Deleted[]) {
    const news: string[] = [];
    const failed: Deleted[] = [];
    for (const record of records) {
      const { data, error } = await run({ input: { deletionId: record.id } });
      const problem = error ?? data?.restoreMemo.userErrors[0];
      if (problem) {
        failed.push(record);
        news.push(problemOf(problem));
        continue;
      }
      news.push(`Restored “${data?.restoreMemo.memo?.name ?? record.memoName}”.`);
      const missing = data?.restoreMemo.missing ?? [];
      const names = missing.map(({ kind, label }) => `${KINDS[kind][0]} “${label}”`).join(", ");
      if (names) news.push(`No longer there: ${names}.`);
    }
    const again = { label: "Try again", run: () => void restore(failed) };
    toast({ text: news.join(" "), action: failed.length > 0 ? again : undefined });
  }
  return restore;
}
