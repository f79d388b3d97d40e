// Small parts that several views share.
import { type ReactNode, useEffect, useId, useLayoutEffect, useRef } from "react";
import type * as gql from "./gql/graphql";
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
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        if (!isBusy) onClose();
      }}
    >
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  );
}

/** What went wrong, as a screen reader announces it, and a way to go on. */
export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  if (!error) return null;
  return (
    <p className="problem" role="alert">
      {typeof error === "string" ? error : problemOf(error)}{" "}
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
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
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

const SHAPES: Record<gql.DeletionVerdict, ReactNode> = {
  ALLOWED: <path d="m4.5 10.5 3.5 3.5 7.5-8" />,
  DISCOURAGED: <path d="M10 3 2 17h16Zm0 5v4m0 2.4v.2" />,
  DENIED: <path d="M5 9h10v8H5Zm2 0V6a3 3 0 0 1 6 0v3" />,
};

type VerdictProps = { verdict: gql.DeletionVerdict; detail?: string; isShort?: boolean };

/** The verdict of the rules: a mark in lists, with its words where there is room. */
export function Verdict({ verdict, detail, isShort }: VerdictProps) {
  const words = detail ? `${VERDICTS[verdict]}: ${detail}` : VERDICTS[verdict];
  return (
    <span className={`verdict ${verdict.toLowerCase()}`} title={isShort ? words : undefined}>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        {SHAPES[verdict]}
      </svg>
      <span className={isShort ? "hidden" : undefined}>{words}</span>
    </span>
  );
}

export const Loading = () => (
  <p className="quiet" role="status">
    Loading…
  </p>
);
