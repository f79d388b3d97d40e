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
  | { view: (typeof VIEWS)[number] };
const VIEWS = ["new", "notifications", "deleted", "holds"] as const;

function parse(path: string): Route {
  const [, , name = "", memoId] = path.split("/");
  const view = VIEWS.find((view) => view === name);
  if (view) return { view };
  return { view: "box", box: name in BOXES ? (name as BoxName) : "inbox", memoId };
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

type LinkProps = {
  to: string;
  className?: string;
  isCurrent?: boolean;
  onFollow?: () => void;
  children: ReactNode;
};

export function Link({ to, className, isCurrent, onFollow, children }: LinkProps) {
  function follow(event: MouseEvent) {
    onFollow?.();
    // With a key or another button, the browser opens a tab of its own.
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  }
  const current = isCurrent ? "page" : undefined;
  return <a href={to} className={className} onClick={follow} aria-current={current}>{children}</a>;
}
