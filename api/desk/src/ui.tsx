// Small parts that several views share.
import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import type { FormEvent, ReactNode } from "react";
import type * as gql from "./gql/graphql";
import { newKey } from "./upload";
import { VERDICTS, problemOf } from "./words";

type ModalProps = { title: string; isBusy?: boolean; onClose: () => void; children: ReactNode };

/** A modal dialog. Escape closes it, unless it is busy; then focus returns to where it was. */
export function Modal({ title, isBusy, onClose, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  function cancel(event: { preventDefault: () => void }) {
    event.preventDefault();
    if (!isBusy) onClose();
  }
  return (
    <dialog ref={dialog} aria-labelledby={heading} onCancel={cancel}>
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  );
}

export type Fields = Record<string, string>;
type FormProps = {
  label: string;
  /** Resolves to whether it has worked. The form is then empty again. */
  send: (fields: Fields, key: string) => Promise<boolean>;
  error?: unknown;
  children: ReactNode;
  buttons?: ReactNode;
  cancel?: () => void;
};

/** A form. `key` stays the same until it has worked: sending it twice creates nothing twice. */
export function Form({ label, send, error, children, buttons, cancel }: FormProps) {
  const [isBusy, setIsBusy] = useState(false);
  const key = useRef(newKey());
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const { submitter } = event.nativeEvent as SubmitEvent;
    setIsBusy(true);
    const fields = Object.fromEntries(new FormData(form, submitter)) as Fields;
    const done = await send(fields, key.current);
    setIsBusy(false);
    if (!done) return;
    form.reset();
    key.current = newKey();
  }
  return (
    <form className="stack" onSubmit={submit}>
      {children}
      <Problem error={error} />
      <div className="actions">
        <button className="primary" disabled={isBusy}>{label}</button>
        {buttons}
        {cancel && <button type="button" onClick={cancel}>Cancel</button>}
      </div>
    </form>
  );
}

/** What went wrong, as a screen reader announces it, and a way to go on. */
export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  if (!error) return null;
  return (
    <p className="problem" role="alert">
      {problemOf(error)} {retry && <button onClick={retry}>Try again</button>}
    </p>
  );
}

/** The heading of a view. It takes the focus, so that a screen reader says where the person is. */
export function Heading({ children }: { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${children} · Memoranda`;
    heading.current?.focus();
  }, [children]);
  return <h1 ref={heading} tabIndex={-1}>{children}</h1>;
}

const SHAPES: Record<gql.DeletionVerdict, string> = {
  ALLOWED: "m4.5 10.5 3.5 3.5 7.5-8",
  DISCOURAGED: "M10 3 2 17h16Zm0 5v4m0 2.4v.2",
  DENIED: "M5 9h10v8H5Zm2 0V6a3 3 0 0 1 6 0v3",
};

type VerdictProps = { verdict: gql.DeletionVerdict; detail?: string; as?: "mark" | "several" };

/** The verdict of the rules: a mark in lists, with its words where there is room. */
export function Verdict({ verdict, detail, as }: VerdictProps) {
  const short = as === "several" ? VERDICTS[verdict].replace("it", "them") : VERDICTS[verdict];
  const words = detail ? `${short}: ${detail}` : short;
  return (
    <span className={`verdict ${verdict.toLowerCase()}`} title={as === "mark" ? words : undefined}>
      <svg viewBox="0 0 20 20" aria-hidden="true"><path d={SHAPES[verdict]} /></svg>
      <span className={as === "mark" ? "hidden" : undefined}>{words}</span>
    </span>
  );
}

export const Loading = () => <p className="quiet" role="status">Loading…</p>;
