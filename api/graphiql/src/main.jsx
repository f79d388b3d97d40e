import { createRoot } from "react-dom/client";
import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import "./style.css";
import { fetcher } from "./server.js";
import { SignIn } from "./sign-in.jsx";
import { persistsHeaders, storage } from "./storage.js";
import { tabs } from "./tabs.mjs";

createRoot(document.getElementById("page")).render(
  <>
    <SignIn />
    <GraphiQL
      fetcher={fetcher}
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
        <span />
      </GraphiQL.Logo>
    </GraphiQL>
  </>,
);
