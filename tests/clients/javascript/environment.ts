// The address of the server, and the people of the stories.
const { MEMORANDA_URL, MEMORANDA_TOKEN } = process.env;
if (!MEMORANDA_URL || !MEMORANDA_TOKEN) {
  throw new Error("set MEMORANDA_URL and MEMORANDA_TOKEN");
}

export const endpoint = `${MEMORANDA_URL}/graphql`;
export const headers = { Authorization: `Bearer ${MEMORANDA_TOKEN}` };
