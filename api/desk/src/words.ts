// The words of the page for what the API names by codes, and how it writes times and sizes.
import type { CombinedError } from "urql";
import type * as gql from "./gql/graphql";

export const VERDICTS: Record<gql.DeletionVerdict, string> = {
  ALLOWED: "You can delete it",
  DISCOURAGED: "Better keep it",
  DENIED: "You cannot delete it",
};

const STAGES = { PENDING: "Pending", POSTPONED: "Postponed", REVIEWED: "Reviewed" };

/** How far a memo is. */
export const progress = ({ draft, stage }: { draft: boolean; stage: gql.MemoStage }) =>
  draft ? "Draft" : STAGES[stage];

export const KINDS: Record<gql.DeletionItemKind, [one: string, several: string]> = {
  MEMO: ["memo", "memos"],
  SUBSCRIBER_LINK: ["link to a subscriber", "links to subscribers"],
  TAG_LINK: ["link to a tag", "links to tags"],
  TASK_LINK: ["link to a task", "links to tasks"],
  PROJECT_LINK: ["link to a project", "links to projects"],
  DEAL_LINK: ["link to a deal", "links to deals"],
  RESOLUTION_LINK: ["link to a resolution", "links to resolutions"],
  COMMENT: ["comment", "comments"], REMINDER: ["reminder", "reminders"],
  UNREAD_MARK: ["unread mark", "unread marks"], ATTACHMENT: ["link to a file", "links to files"],
  FILE: ["file", "files"], USER: ["person", "people"], TASK: ["task", "tasks"],
  PROJECT: ["project", "projects"], DEAL: ["deal", "deals"], TAG: ["tag", "tags"],
  RESOLUTION: ["resolution", "resolutions"],
};

export const REASONS: Record<gql.DeletionKeptReason, string> = {
  PERSON: "people stay",
  WORK: "tasks and projects stay",
  SHARED: "others use it",
  TRANSFERRED_TO_TASK: "a task has it",
  TRANSFERRED_TO_PROJECT: "a project has it",
  ATTACHED_TO_ANOTHER_MEMO: "another memo has it",
};

export const count = (number: number, kind: gql.DeletionItemKind) =>
  `${number.toLocaleString()} ${KINDS[kind][number === 1 ? 0 : 1]}`;

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export const day = (moment: string) => DAY.format(new Date(moment));
export const time = (moment: string) => TIME.format(new Date(moment));

export function size(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = (bytes / 1000 ** step).toLocaleString(undefined, { maximumFractionDigits: 1 });
  return `${value} ${units[step]}`;
}

/** What is wrong, in the server's words, or what the person can do about the connection. */
export function problemOf(error: unknown): string {
  const { graphQLErrors = [], networkError, message } = error as Partial<CombinedError>;
  const [first] = graphQLErrors;
  if (first?.extensions.code === "PERSISTED_QUERY_NOT_IN_LIST") {
    return "The server has another version by now. Reload this page.";
  }
  if (first) return first.message;
  if (networkError) return "The server does not answer. Check the connection and try again.";
  return message ?? "Something went wrong. Try again.";
}
