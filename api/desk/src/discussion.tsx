// A memo's discussion: the latest comments, earlier ones on demand, and a new one.
import { useMutation } from "urql";
import * as gql from "./gql/graphql";
import { Pages } from "./pages";
import { Form } from "./ui";
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
        />
      </ol>
      <NewComment memoId={id} />
    </section>
  );
}

function NewComment({ memoId }: { memoId: string }) {
  const [{ data, error }, add] = useMutation(gql.AddCommentDocument);
  async function send({ body = "" }, idempotencyKey: string) {
    const { data } = await add({ input: { memoId, body, idempotencyKey } });
    return !!data?.addComment.comment;
  }
  return (
    <Form label="Add comment" send={send} error={error ?? data?.addComment.userErrors[0]}>
      <label>Your comment <textarea name="body" maxLength={10_000} rows={3} required /></label>
    </Form>
  );
}
