// Where the server is, and as whom the stories act.
const { MEMORANDA_URL, MEMORANDA_TOKEN } = process.env;
if (!MEMORANDA_URL || !MEMORANDA_TOKEN) {
  throw new Error("set MEMORANDA_URL and MEMORANDA_TOKEN");
}

export const endpoint = `${MEMORANDA_URL}/graphql`;
export const headers = { Authorization: `Bearer ${MEMORANDA_TOKEN}` };
