"""A memo is previewed, deleted and restored.

The client is what ariadne-codegen makes from the schema.
"""

import os
import unittest

from memoranda_client import (
    CreateMemoInput,
    DeleteMemoInput,
    DeletionVerdict,
    MemorandaClient,
    RestoreMemoInput,
)


class Story(unittest.IsolatedAsyncioTestCase):
    async def test_a_memo_is_previewed_deleted_and_restored(self) -> None:
        url, token = os.environ["MEMORANDA_URL"], os.environ["MEMORANDA_TOKEN"]
        client = MemorandaClient(f"{url}/graphql", headers={"Authorization": f"Bearer {token}"})

        people = await client.colleague()
        colleague = next(person for person in people.users.nodes if person.id != people.viewer.id)
        memo_input = CreateMemoInput(
            name="Written with Python", recipientId=colleague.id, draft=False
        )
        written = (await client.write(memo_input)).create_memo
        self.assertEqual(written.user_errors, [])
        memo_id = written.memo.id

        preview = (await client.preview(memo_id)).memo_deletion_preview
        self.assertEqual(preview.verdict, DeletionVerdict.ALLOWED)
        deletion = DeleteMemoInput(memoId=memo_id, confirmationToken=preview.confirmation_token)
        deleted = (await client.delete(deletion)).delete_memo
        self.assertEqual(deleted.user_errors, [])
        self.assertEqual(deleted.deleted_memo_id, memo_id)
        self.assertIsNone((await client.read_memo(memo_id)).memo)

        restoration = RestoreMemoInput(deletionId=deleted.receipt.id)
        restored = (await client.restore(restoration)).restore_memo
        self.assertEqual(restored.user_errors, [])
        self.assertEqual(restored.memo.id, memo_id)
        self.assertEqual((await client.read_memo(memo_id)).memo.name, "Written with Python")


if __name__ == "__main__":
    unittest.main()
