// Where GraphiQL keeps its tabs, history and settings. A header may hold a token, so headers reach
// localStorage only when the settings say so. GraphiQL itself follows this setting for its tabs,
// but not for its history, and not after a reload.

const CHOICE = "graphiql:shouldPersistHeaders";
const HISTORIES = ["graphiql:queries", "graphiql:favorites"];
const OF_TAB = new Map(
  ["query", "variables", "headers"].map((field) => [`graphiql:${field}`, field]),
);

export const persistsHeaders = () => localStorage.getItem(CHOICE) === "true";

export const storage = {
  // GraphiQL stores the texts of its editors a moment before or after its tabs. A reload in between
  // would find a text that is in no tab, and open one more for it. So the tab decides.
  getItem(key) {
    const tab = OF_TAB.has(key) && activeTab();
    return tab ? (tab[OF_TAB.get(key)] ?? null) : localStorage.getItem(key);
  },
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

/** The tab that was open last, as it was stored; undefined before any was stored. */
function activeTab() {
  const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem("graphiql:tabState")) ?? {};
  return tabs?.[activeTabIndex];
}

const ownKeys = () => Object.keys(localStorage).filter((key) => key.startsWith("graphiql:"));

function stripHistories() {
  for (const key of HISTORIES) {
    const history = localStorage.getItem(key);
    if (history) localStorage.setItem(key, withoutHeaders(history));
  }
}

const withoutHeaders = (json) =>
  JSON.stringify(JSON.parse(json), (name, value) => (name === "headers" ? undefined : value));
