// The tabs of a first visit. `check` validates each of them against schema.graphql.
// GraphiQL names a tab after its operation.

const variables = (value) => JSON.stringify(value, null, 2);

export const tabs = [
  {
    query: `# Paste a token into the bar above: every tab
# then uses it. \`memoranda token author\` prints
# one, and so does \`memoranda demo\`.
#
# To run one tab as somebody else, set a header
# in its Headers pane, at the bottom:
#   { "Authorization": "Bearer <their token>" }
#
# Press Ctrl-Enter to run this, then take the id
# of a memo to the next tab.

query StartHere {
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
      viewerCanDelete
      viewerCannotDeleteReasons
    }
  }
}
`,
  },
  {
    query: `# A memo is a draft until it is sent: nobody but its
# author sees it. Leave recipientId out for a to-do
# for yourself; find people with
#   { users(search: "so") { nodes { id fullName } } }
#
# A file is uploaded beside GraphQL, and its id goes
# into fileIds:
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
    query: `# Only what stands in the input changes; null clears.
# With expectedVersion, somebody else's change in
# between is not lost: VERSION_CONFLICT answers the
# memo as it is now.

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
# see it from now on, and are told.

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

mutation Remind($input: SetReminderInput!) {
  setReminder(input: $input) {
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
    query: `# The recipient makes work of a memo. The memo is
# postponed while the work runs; its author reads the
# task along. fileIds are transferred to the task, and
# so outlive the memo.

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
    query: `# The recipient settles a memo, with a conclusion that
# only author and recipient read.

mutation Review($input: ReviewMemoInput!) {
  reviewMemo(input: $input) {
    memo {
      stage
      note
    }
    userErrors {
      code
      field
      message
    }
  }
}
`,
    variables: variables({ input: { memoId: "memo_…", note: "A table for six, at noon." } }),
  },
  {
    query: `# Each word is a beginning: "wri des" finds "Writing
# desks". In double quotes: these words in this order.

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
    query: `# What deleting a memo would take away, what would
# stay, and what speaks against it. Changes nothing.
# Put the memo's id into the Variables pane, below.

query PreviewDeletion($memoId: ID!) {
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
    query: `# Deletes the memo, or changes nothing and says why.
# Where the preview's verdict was DISCOURAGED, it
# needs the confirmationToken of that preview.

mutation DeleteMemo($input: DeleteMemoInput!) {
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
    query: `# Brings a deleted memo back under its own id, with
# every link whose other end still exists. Needs the
# id of the receipt that deleteMemo gave.

mutation RestoreMemo($input: RestoreMemoInput!) {
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
    query: `# Everything that happens to the memos that you see,
# as it happens: run it, then change a memo in another
# window. After a break, give the last id as "after":
# nothing is missed.

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
