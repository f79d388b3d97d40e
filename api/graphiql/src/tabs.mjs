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
];
