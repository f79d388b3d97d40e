// A memo's discussion: the latest comments, earlier ones on demand, and a new one.
import { type FormEvent, useRef } from "react";
import { useMutation } from "urql";
import * as gql from "./gql/graphql";
import { Pages } from "./pages";
import { Problem } from "./ui";
import { newKey } from "./upload";
import { time } from "./words";

export function Discussion({ id }: { id: string }) {
  return (
    <section>
      <h2>Discussion</h2>
      <ol className="comments">
        <Pages
          query={gql.CommentsDocument}
          variables={{ id }}
          pageOf={({ memo }) => memo?.comments}
          row={(comment) => (
            <li key={comment.id}>
              <strong>{comment.author.fullName}</strong>{" "}
              <span className="quiet">{time(comment.createdAt)}</span>
              <p className="body">{comment.body}</p>
            </li>
          )}
          empty="Nobody has written a comment yet."
          more="Show earlier comments"
          isUpward
        />
      </ol>
      <NewComment id={id} />
    </section>
  );
}

function NewComment({ id }: { id: string }) {
  const [{ data, error, fetching }, add] = useMutation(gql.AddCommentDocument);
  // The same key until the comment is there: sending it twice writes it once.
  const key = useRef(newKey());

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const body = String(new FormData(form).get("body"));
    const answer = await add({ input: { memoId: id, body, idempotencyKey: key.current } });
    if (!answer.data?.addComment.comment) return;
    form.reset();
    key.current = newKey();
  }

  return (
    <form className="stack" onSubmit={submit}>
      <label>
        Your comment
        <textarea name="body" maxLength={10_000} rows={3} required />
      </label>
      <Problem error={error ?? data?.addComment.userErrors[0]} />
      <button disabled={fetching}>Add comment</button>
    </form>
  );
}
