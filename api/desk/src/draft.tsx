// Title and text of a draft, to change. What was saved meanwhile, as in another window, is shown
// before it can be replaced.
import { useState } from "react";
import { useMutation } from "urql";
import * as gql from "./gql/graphql";
import { type Fields, Form } from "./ui";

type Memo = NonNullable<gql.MemoQuery["memo"]>;

export function EditDraft({ memo, close }: { memo: Memo; close: () => void }) {
  const [{ data, error }, update] = useMutation(gql.UpdateMemoDocument);
  const [start] = useState(memo);
  const [seen, setSeen] = useState(memo.version);
  const [refusal] = data?.updateMemo.userErrors ?? [];
  const other = refusal?.code === "VERSION_CONFLICT" ? data?.updateMemo.memo : null;

  async function send({ name, description }: Fields) {
    const input = { memoId: memo.id, expectedVersion: seen, name, description };
    const { data } = await update({ input });
    if (data?.updateMemo.userErrors.length === 0) close();
    return false;
  }

  return (
    <Form label="Save" send={send} error={error ?? (other ? null : refusal)} cancel={close}>
      <label>
        Title <input name="name" defaultValue={start.name} maxLength={250} required autoFocus />
      </label>
      <label>
        Text
        <textarea
          name="description"
          defaultValue={start.description}
          maxLength={20_000}
          rows={8}
        />
      </label>
      {other && other.version !== seen && (
        <div className="note changes" role="alert">
          <strong>Nothing was saved: this has changed since you looked. Now it is:</strong>
          <p>{other.name}</p>
          <p className="body">{other.description}</p>
          <button type="button" onClick={() => setSeen(other.version)}>I have seen this</button>
        </div>
      )}
    </Form>
  );
}
