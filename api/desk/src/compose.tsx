// A new memo, to send now or to keep as a draft.
import { type FormEvent, useDeferredValue, useId, useRef, useState } from "react";
import { useMutation, useQuery } from "urql";
import * as gql from "./gql/graphql";
import { navigate, pathOf } from "./route";
import { Heading, Problem } from "./ui";
import { newKey } from "./upload";

export function Compose() {
  const [{ data, error, fetching }, create] = useMutation(gql.CreateMemoDocument);
  const [recipient, setRecipient] = useState("");
  const [problem, setProblem] = useState<string>();
  const people = usePeople(recipient);
  const names = useId();
  const key = useRef(newKey());

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const { submitter } = event.nativeEvent as SubmitEvent;
    const form = new FormData(event.currentTarget);
    const chosen = people.filter((person) => nameOf(person) === recipient);
    setProblem(recipient && chosen.length === 0 ? "Choose the recipient from the list." : undefined);
    if (recipient && chosen.length === 0) return;
    const draft = submitter?.getAttribute("value") === "draft";
    const answer = await create({
      input: {
        name: String(form.get("name")),
        description: String(form.get("description")),
        recipientId: chosen[0]?.id,
        draft,
        idempotencyKey: key.current,
      },
    });
    const memo = answer.data?.createMemo.memo;
    if (memo) navigate(pathOf(draft ? "drafts" : "sent", memo.id));
  }

  return (
    <article>
      <Heading>New memo</Heading>
      <form className="stack" onSubmit={submit}>
        <label>
          To (yourself, if empty)
          <input
            list={names}
            autoComplete="off"
            value={recipient}
            onChange={(event) => setRecipient(event.target.value)}
          />
        </label>
        <datalist id={names}>
          {people.map((person) => (
            <option key={person.id} value={nameOf(person)} />
          ))}
        </datalist>
        <label>
          Title
          <input name="name" maxLength={250} required />
        </label>
        <label>
          Text
          <textarea name="description" maxLength={20_000} rows={8} />
        </label>
        <Problem error={problem ?? error ?? data?.createMemo.userErrors[0]} />
        <div className="actions">
          <button className="primary" value="send" disabled={fetching}>
            Send
          </button>
          <button value="draft" disabled={fetching}>
            Keep as a draft
          </button>
        </div>
      </form>
    </article>
  );
}

type Person = gql.PeopleQuery["users"]["nodes"][number];

const nameOf = ({ fullName, username }: Person) => `${fullName} (${username})`;

/** The people whose names begin like the typed text. */
function usePeople(text: string): Person[] {
  const search = useDeferredValue(text.replace(/\(.*/, "").trim());
  const variables = { search: search || null };
  const [{ data }] = useQuery({ query: gql.PeopleDocument, variables });
  return data?.users.nodes ?? [];
}
