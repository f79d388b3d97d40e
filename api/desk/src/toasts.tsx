// Short news at the edge of the page. They stay until the person closes them or the next one comes.
import { useEffect, useRef, useSyncExternalStore } from "react";
import { createStore } from "./store";

type Toast = { text: string; action?: { label: string; run: () => void } } | null;

const store = createStore<Toast>(null);
export const toast = store.set;

export function Toasts() {
  const shown = useSyncExternalStore(store.listen, store.get);
  const box = useRef<HTMLDivElement>(null);
  // What had the focus may be gone with the memo. From here, the next Tab reaches the action.
  useEffect(() => {
    if (shown?.action) box.current?.focus();
  }, [shown]);
  return (
    <div className="toasts" role="status">
      {shown && (
        <div className="toast" ref={box} tabIndex={-1}>
          <span>{shown.text}</span>
          {shown.action && <button onClick={shown.action.run}>{shown.action.label}</button>}
          <button aria-label="Close this message" onClick={() => toast(null)}>×</button>
        </div>
      )}
    </div>
  );
}
