// The tabs of a first visit, which tell the story of a deletion, and further examples. `check`
// validates each of them against schema.graphql. GraphiQL names a tab after its operation.

const variables = (value) => JSON.stringify(value, null, 2);

/** The story. `carry.js` fills in ids of earlier answers. */
export const tabs = [
  {
    query: `# 1. Choose a person in the bar above: every tab then
# runs as that person. Press Ctrl-Enter to run this.
# The next tabs get the id of the first memo that can
# be deleted.

query Inbox {
  viewer {
    fullName
    role
  }
  memos(first: 5) {
    nodes {
      id
      name
      stage
      author {
        fullName
      }
      viewerDeletionVerdict
      viewerDeletionBlockers {
        message
      }
    }
  }
}
`,
  },
  {
    query: `# 2. What a deletion would remove, what it would keep,
# and what speaks against it. This changes nothing.
# The Variables pane, below, has the memo's id. Delete
# gets the confirmationToken.

query Preview($memoId: ID!) {
  memoDeletionPreview(memoId: $memoId) {
    verdict
    viewerRoles
    blockers {
      code
      message
      since
      stage
    }
    warnings {
      code
      message
      count
    }
    alternatives {
      code
      message
    }
    removed(first: 20) {
      totalCount
      counts {
        kind
        count
      }
      nodes {
        kind
        label
        node {
          __typename
          id
        }
      }
    }
    kept(first: 20) {
      totalCount
      counts {
        kind
        count
      }
      nodes {
        kind
        label
        reason
        node {
          __typename
          id
        }
      }
    }
    bytesFreed
    confirmationToken
    memo {
      id
      name
      stage
    }
  }
}
`,
    variables: variables({ memoId: "memo_…" }),
  },
  {
    query: `# 3. Deletes the memo, or changes nothing and says
# why. If the preview's verdict was DISCOURAGED, it
# needs the confirmationToken of that preview.

mutation Delete($input: DeleteMemoInput!) {
  deleteMemo(input: $input) {
    deletedMemoId
    replayed
    userErrors {
      code
      field
      message
    }
    receipt {
      id
      deletedAt
      restorableUntil
    }
    preview {
      verdict
      confirmationToken
      warnings {
        code
        message
      }
    }
  }
}
`,
    variables: variables({
      input: { memoId: "memo_…", confirmationToken: null, reason: "Sent by mistake" },
    }),
  },
  {
    query: `# 4. Restores a deleted memo under its own id, with
# every link whose other end still exists. It needs
# the id of the receipt from deleteMemo.

mutation Restore($input: RestoreMemoInput!) {
  restoreMemo(input: $input) {
    memo {
      id
      name
    }
    missing {
      kind
      label
    }
    replayed
    userErrors {
      code
      field
      message
    }
  }
}
`,
    variables: variables({ input: { deletionId: "memo_deletion_…" } }),
  },
  {
    query: `# 5. All changes of the memos that you can see, live.
# Run this, then change a memo in another window.
# After a break, give the last id as "after", and you
# miss nothing.

subscription Listen($after: ID) {
  memoEvents(after: $after) {
    id
    kind
    occurredAt
    actor {
      fullName
    }
    memoId
    memo {
      name
      stage
    }
  }
}
`,
    variables: variables({ after: null }),
  },
];

/** The menu of examples. */
export const examples = [
  {
    query: `# What you wrote, and what the rules say about deleting
# it.

query Sent {
  viewer {
    id
    username
    fullName
    role
  }
  memos(box: SENT, first: 5) {
    nodes {
      id
      name
      stage
      viewerDeletionVerdict
      viewerDeletionBlockers {
        message
      }
    }
  }
}
`,
  },
  {
    query: `# A memo is a draft until it is sent: nobody but its
# author sees it. Leave recipientId out for a to-do
# for yourself; find people with
#   { users(filter: { text: "so" }) { nodes { id fullName } } }
#
# Upload a file outside GraphQL, and put its id into
# fileIds:
#   curl -X PUT --data-binary @plan.pdf \\
#     -H "Authorization: Bearer $TOKEN" \\
#     -H "Content-Type: application/pdf" \\
#     "http://127.0.0.1:8080/files?name=plan.pdf"

mutation WriteMemo($input: CreateMemoInput!) {
  createMemo(input: $input) {
    memo {
      id
      version
      draft
      recipient {
        fullName
      }
    }
    userErrors {
      code
      field
      message
    }
  }
}
`,
    variables: variables({
      input: {
        name: "Lunch with the joiners",
        description: "On Thursday?",
        recipientId: null,
        draft: true,
      },
    }),
  },
  {
    query: `# Only fields in the input change; null clears one.
# With expectedVersion, the change of another person
# is not lost: VERSION_CONFLICT returns the current
# memo.

mutation ChangeMemo($input: UpdateMemoInput!) {
  updateMemo(input: $input) {
    memo {
      id
      version
      name
      description
      viewerUpdatableFields
    }
    userErrors {
      code
      field
      message
    }
  }
}
`,
    variables: variables({
      input: { memoId: "memo_…", expectedVersion: 1, description: "On Friday." },
    }),
  },
  {
    query: `# Sends the draft: its recipient and its subscribers
# are notified, and can see it from now on.

mutation SendMemo($input: SendMemoInput!) {
  sendMemo(input: $input) {
    memo {
      id
      sentAt
      stage
    }
    userErrors {
      code
      field
      message
    }
  }
}
`,
    variables: variables({ input: { memoId: "memo_…" } }),
  },
  {
    query: `# What is new for you: run it as the recipient.

query WhatIsNew {
  unreadMemoCount
  unreadNotificationCount
  memos(box: INBOX, filter: { unread: true }, first: 5) {
    nodes {
      id
      name
      author {
        fullName
      }
      comments(last: 1) {
        nodes {
          body
        }
      }
    }
  }
  notifications(filter: { unread: true }, first: 10) {
    nodes {
      id
      message
      createdAt
    }
  }
}
`,
  },
  {
    query: `# Author, recipient and subscribers discuss a memo.

mutation Discuss($input: AddCommentInput!) {
  addComment(input: $input) {
    comment {
      id
      body
      createdAt
    }
    memo {
      commentCount
    }
    userErrors {
      code
      field
      message
    }
  }
}
`,
    variables: variables({ input: { memoId: "memo_…", body: "Friday suits me." } }),
  },
  {
    query: `# A reminder of your own: nobody else sees it.

mutation Remind($input: CreateReminderInput!) {
  createReminder(input: $input) {
    reminder {
      id
      dueAt
    }
    userErrors {
      code
      field
      message
    }
  }
}
`,
    variables: variables({ input: { memoId: "memo_…", dueAt: "2030-01-01T08:00:00Z" } }),
  },
  {
    query: `# The recipient creates a task from a memo. The memo
# is postponed while the task is open; its author
# subscribes to the task. The files in fileIds move to
# the task, and survive a deletion of the memo.

mutation CreateTask($input: CreateTaskFromMemoInput!) {
  createTaskFromMemo(input: $input) {
    task {
      id
      name
      dueDate
      responsible {
        fullName
      }
    }
    memo {
      stage
      reviewDate
    }
    userErrors {
      code
      field
      message
    }
  }
}
`,
    variables: variables({
      input: { memoId: "memo_…", name: "Book a table", dueDate: "2030-01-01", fileIds: [] },
    }),
  },
  {
    query: `# The recipient closes a memo, with a conclusion that
# only the author and the recipient can read.

mutation Review($input: ReviewMemoInput!) {
  reviewMemo(input: $input) {
    memo {
      stage
      conclusion
    }
    userErrors {
      code
      field
      message
    }
  }
}
`,
    variables: variables({ input: { memoId: "memo_…", conclusion: "A table for six, at noon." } }),
  },
  {
    query: `# Each word is a prefix: "wri des" finds "Writing
# desks". In double quotes: these words in order.

query Find($text: String!) {
  memos(box: ALL_VISIBLE, filter: { text: $text }, first: 10) {
    totalCount
    nodes {
      id
      name
      stage
      author {
        fullName
      }
      recipient {
        fullName
      }
    }
  }
}
`,
    variables: variables({ text: "wri des" }),
  },
  {
    query: `# Several memos at once: what they share counts once.
# deleteMemos takes the confirmationToken.

query PreviewSelection($memoIds: [ID!]!) {
  memosDeletionPreview(memoIds: $memoIds) {
    verdict
    memos {
      memoId
      verdict
      blockers {
        message
      }
    }
    removed {
      counts {
        kind
        count
      }
    }
    confirmationToken
  }
}
`,
    variables: variables({ memoIds: ["memo_…"] }),
  },
  {
    query: `# What was deleted and can be restored.

query Deleted {
  memoDeletions(filter: { states: [RESTORABLE] }, first: 10) {
    nodes {
      id
      memoName
      deletedAt
      restorableUntil
      viewerCanRestore
      deletedBy {
        fullName
      }
    }
  }
}
`,
  },
  {
    query: `# For administrators: until its last hold is released,
# nobody can delete the memo.

mutation PlaceHold($input: PlaceMemoHoldInput!) {
  placeMemoHold(input: $input) {
    hold {
      id
      matter
      reason
    }
    userErrors {
      code
      field
      message
    }
  }
}
`,
    variables: variables({
      input: { memoId: "memo_…", matter: "Audit 2026", reason: "The auditors read it." },
    }),
  },
  {
    query: `# For administrators: who tried to delete a memo, and
# why that was refused.

query RefusedAttempts {
  refusedMemoDeletions(first: 10) {
    totalCount
    nodes {
      memoId
      user {
        fullName
      }
      codes
      refusedAt
    }
  }
}
`,
  },
  {
    query: `# For administrators: the people of this server.

query People {
  users(first: 20, filter: { states: [ACTIVE, INACTIVE] }) {
    totalCount
    nodes {
      id
      username
      fullName
      email
      role
      active
    }
  }
}
`,
  },
];
