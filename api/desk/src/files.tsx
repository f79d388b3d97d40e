// A memo's files: to save, and to attach with progress.
import { type ChangeEvent, useState } from "react";
import { useMutation } from "urql";
import * as gql from "./gql/graphql";
import { Problem } from "./ui";
import { download, newKey, upload } from "./upload";
import { size } from "./words";

type Memo = NonNullable<gql.MemoQuery["memo"]>;

export function Files({ memo, canAttach }: { memo: Memo; canAttach: boolean }) {
  const [, attach] = useMutation(gql.AttachFilesDocument);
  const [sent, setSent] = useState<number>();
  const [problem, setProblem] = useState<unknown>();

  async function send({ target }: ChangeEvent<HTMLInputElement>) {
    const file = target.files?.[0];
    if (!file) return;
    setProblem(undefined);
    setSent(0);
    try {
      const fileIds = [await upload(file, newKey(), setSent)];
      const { data, error } = await attach({ input: { targetId: memo.id, fileIds } });
      setProblem(error ?? data?.attachFiles.userErrors[0]);
    } catch (error) {
      setProblem(error);
    }
    setSent(undefined);
    target.value = "";
  }

  if (memo.files.length === 0 && !canAttach) return null;
  return (
    <section>
      <h2>Files</h2>
      <ul className="files">
        {memo.files.map((file) => (
          <li key={file.id}>
            <button onClick={() => download(file).then(() => setProblem(undefined), setProblem)}>
              {file.name} <span className="quiet">{size(file.size)}</span>
            </button>
          </li>
        ))}
      </ul>
      {canAttach && (
        <label className="attach">
          Attach a file <input type="file" disabled={sent !== undefined} onChange={send} />
        </label>
      )}
      {sent !== undefined && <progress value={sent} aria-label="Sending the file" />}
      <Problem error={problem} />
    </section>
  );
}
