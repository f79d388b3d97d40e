// A new memo, to send now or to keep as a draft.
import { useDeferredValue, useState } from "react";
import { useMutation, useQuery } from "urql";
import * as gql from "./gql/graphql";
import { navigate, pathOf } from "./route";
import { type Fields, Form, Heading } from "./ui";

export function Compose() {
  const [{ data, error }, create] = useMutation(gql.CreateMemoDocument);
  const [recipient, setRecipient] = useState("");
  const [problem, setProblem] = useState<Error>();
  const people = usePeople(recipient);

  async function send({ name = "", description, draft }: Fields, idempotencyKey: string) {
    const chosen = people.find((person) => nameOf(person) === recipient);
    const isUnknown = recipient !== "" && !chosen;
    setProblem(isUnknown ? new Error("Choose the recipient from the list.") : undefined);
    if (isUnknown) return false;
    const about = { name, description, recipientId: chosen?.id, draft: draft === "yes" };
    const { data } = await create({ input: { ...about, idempotencyKey } });
    const memo = data?.createMemo.memo;
    if (memo) navigate(pathOf(memo.draft ? "drafts" : "sent", memo.id));
    return false;
  }

  const problems = problem ?? error ?? data?.createMemo.userErrors[0];
  const keep = <button name="draft" value="yes">Keep as a draft</button>;
  return (
    <article>
      <Heading>New memo</Heading>
      <Form label="Send" send={send} error={problems} buttons={keep}>
        <label>
          To (yourself, if empty)
          <input list="people" autoComplete="off" onChange={(e) => setRecipient(e.target.value)} />
        </label>
        <datalist id="people">
          {people.map((person) => <option key={person.id} value={nameOf(person)} />)}
        </datalist>
        <label>Title <input name="name" maxLength={250} required /></label>
        <label>Text <textarea name="description" maxLength={20_000} rows={8} /></label>
      </Form>
    </article>
  );
}

type Person = gql.PeopleQuery["users"]["nodes"][number];

const nameOf = ({ fullName, username }: Person) => `${fullName} (${username})`;

/** The people whose names begin like the typed text. */
function usePeople(text: string): Person[] {
  const search = useDeferredValue(text.replace(/\(.*/, "").trim()) || null;
  const [{ data }] = useQuery({ query: gql.PeopleDocument, variables: { search } });
  return data?.users.nodes ?? [];
}
