// Every view has an address, so that back, reload and links work.
import { type MouseEvent, type ReactNode, useSyncExternalStore } from "react";

export const BOXES = {
  inbox: { box: "INBOX", title: "Inbox" },
  sent: { box: "SENT", title: "Sent" },
  drafts: { box: "DRAFTS", title: "Drafts" },
  subscribed: { box: "SUBSCRIBED", title: "Subscribed" },
  all: { box: "ALL_VISIBLE", title: "All memos" },
} as const;
export type BoxName = keyof typeof BOXES;

type Route =
  | { view: "box"; box: BoxName; memoId?: string }
  | { view: "new" | "deleted" | "holds" };

function parse(path: string): Route {
  const [, , view = "", memoId] = path.split("/");
  if (view === "new" || view === "deleted" || view === "holds") return { view };
  return { view: "box", box: view in BOXES ? (view as BoxName) : "inbox", memoId };
}

export const pathOf = (...parts: string[]) => ["/desk", ...parts].join("/");

export function navigate(path: string) {
  history.pushState(null, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
  scrollTo(0, 0);
}

function listen(listener: () => void) {
  addEventListener("popstate", listener);
  return () => removeEventListener("popstate", listener);
}

export const useRoute = () => parse(useSyncExternalStore(listen, () => location.pathname));

type LinkProps = { to: string; className?: string; isCurrent?: boolean; children: ReactNode };

export function Link({ to, className, isCurrent, children }: LinkProps) {
  function follow(event: MouseEvent) {
    // With a key or another button, the browser opens a tab of its own.
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  }
  const current = isCurrent ? "page" : undefined;
  return <a href={to} className={className} onClick={follow} aria-current={current}>{children}</a>;
}
