// A memo's files: to save, and to attach with progress.
import { type ChangeEvent, useState } from "react";
import { useMutation } from "urql";
import * as gql from "./gql/graphql";
import { Problem } from "./ui";
import { download, newKey, upload } from "./upload";
import { size } from "./words";

type Memo = NonNullable<gql.MemoQuery["memo"]>;

export function Files({ memo, canAttach }: { memo: Memo; canAttach: boolean }) {
  const [problem, setProblem] = useState<unknown>();
  if (memo.files.length === 0 && !canAttach) return null;
  return (
    <section>
      <h2>Files</h2>
      <ul className="files">
        {memo.files.map((file) => (
          <li key={file.id}>
            <button
              type="button"
              onClick={() => {
                setProblem(undefined);
                download(file).catch(setProblem);
              }}
            >
              {file.name} <span className="quiet">{size(file.size)}</span>
            </button>
          </li>
        ))}
      </ul>
      <Problem error={problem} />
      {canAttach && <Attach memoId={memo.id} />}
    </section>
  );
}

function Attach({ memoId }: { memoId: string }) {
  const [, attach] = useMutation(gql.AttachFilesDocument);
  const [sent, setSent] = useState<number>();
  const [problem, setProblem] = useState<unknown>();

  async function send(file: File, key: string) {
    setProblem(undefined);
    setSent(0);
    try {
      const fileIds = [await upload(file, key, setSent)];
      const { data, error } = await attach({ input: { targetId: memoId, fileIds } });
      const refusal = error ?? data?.attachFiles.userErrors[0];
      if (refusal) throw refusal;
    } catch (error) {
      setProblem(error);
    }
    setSent(undefined);
  }

  function choose(event: ChangeEvent<HTMLInputElement>) {
    const [file] = event.target.files ?? [];
    if (file) void send(file, newKey());
    event.target.value = "";
  }

  return (
    <>
      <label className="attach">
        Attach a file
        <input type="file" disabled={sent !== undefined} onChange={choose} />
      </label>
      {sent !== undefined && <progress value={sent} aria-label="Sending the file" />}
      <Problem error={problem} />
    </>
  );
}
