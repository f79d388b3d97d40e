import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import "./style.css";
import { fetcher, onAnswer } from "./server.js";
import { SignIn } from "./sign-in.jsx";
import { Carry, Examples } from "./story.jsx";
import { persistsHeaders, storage } from "./storage.js";
import { tabs } from "./tabs.mjs";

// A link may bring a query along: /graphql?query=…&variables=…. It is shown, and never run by
// itself.
const linked = new URLSearchParams(location.search);

function Page() {
  const [answers, setAnswers] = useState(0);
  useEffect(() => onAnswer(() => setAnswers((count) => count + 1)), []);

  return (
    <>
      <SignIn />
      <GraphiQL
        fetcher={fetcher}
        query={linked.get("query") ?? undefined}
        variables={linked.get("variables") ?? undefined}
        defaultTabs={tabs}
        defaultQuery=""
        defaultEditorToolsVisibility="variables"
        storage={storage}
        shouldPersistHeaders={persistsHeaders()}
        showPersistHeadersSettings
        inputValueDeprecation
        schemaDescription
      >
        {/* The bar already shows the name of the page. */}
        <GraphiQL.Logo>
          <Carry answers={answers} />
        </GraphiQL.Logo>
        <GraphiQL.Toolbar>
          {({ prettify, copy, merge }) => (
            <>
              {prettify}
              {merge}
              {copy}
              <Examples />
            </>
          )}
        </GraphiQL.Toolbar>
      </GraphiQL>
    </>
  );
}

createRoot(document.getElementById("page")).render(<Page />);
