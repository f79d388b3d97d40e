// Short news at the edge of the page. They stay until the person closes them or the next one comes.
import { useEffect, useRef, useSyncExternalStore } from "react";

type Toast = { text: string; action?: { label: string; run: () => void } };

let current: Toast | null = null;
const listeners = new Set<() => void>();

export function toast(next: Toast | null) {
  current = next;
  for (const listener of listeners) listener();
}

function listen(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function Toasts() {
  const shown = useSyncExternalStore(listen, () => current);
  const box = useRef<HTMLDivElement>(null);
  // What had the focus may be gone with the memo. From here, the next Tab reaches the action.
  useEffect(() => {
    if (shown?.action) box.current?.focus();
  }, [shown]);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown && (
        <div className="toast" ref={box} tabIndex={-1}>
          <span>{shown.text}</span>
          {shown.action && (
            <button type="button" onClick={shown.action.run}>
              {shown.action.label}
            </button>
          )}
          <button type="button" aria-label="Close this message" onClick={() => toast(null)}>
            ×
          </button>
        </div>
      )}
    </div>
  );
}
