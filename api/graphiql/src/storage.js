// Where GraphiQL keeps its tabs, history and settings. A header may hold a token, so headers reach
// localStorage only when the settings say so. GraphiQL itself follows this setting for its tabs,
// but not for its history, and not after a reload.

const CHOICE = "graphiql:shouldPersistHeaders";
const HISTORIES = ["graphiql:queries", "graphiql:favorites"];

export const persistsHeaders = () => localStorage.getItem(CHOICE) === "true";

export const storage = {
  getItem: (key) => localStorage.getItem(key),
  setItem(key, value) {
    const strip = HISTORIES.includes(key) && !persistsHeaders();
    localStorage.setItem(key, strip ? withoutHeaders(value) : value);
    if (key === CHOICE && !persistsHeaders()) stripHistories();
  },
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => ownKeys().forEach((key) => localStorage.removeItem(key)),
  get length() {
    return ownKeys().length;
  },
};

const ownKeys = () => Object.keys(localStorage).filter((key) => key.startsWith("graphiql:"));

function stripHistories() {
  for (const key of HISTORIES) {
    const history = localStorage.getItem(key);
    if (history) localStorage.setItem(key, withoutHeaders(history));
  }
}

const withoutHeaders = (json) =>
  JSON.stringify(JSON.parse(json), (name, value) => (name === "headers" ? undefined : value));
