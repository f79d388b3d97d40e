// What this page adds inside GraphiQL: ids that go from tab to tab, a menu of examples, and a Tab
// key that leaves the editors.

import { useEffect, useRef } from "react";
import { ToolbarMenu, useEditorContext } from "@graphiql/react";
import { fill } from "./carry.js";
import { examples } from "./tabs.mjs";

const nameOf = ({ query }) => query.match(/^(?:query|mutation|subscription) (\w+)/m)[1];

/** Fills the variables of the open tab with ids of earlier answers, which `answers` counts. */
export function Carry({ answers }) {
  const { activeTabIndex, queryEditor, variableEditor, headerEditor, responseEditor } =
    useEditorContext();
  const filled = useRef(new Set());

  useEffect(() => {
    if (!variableEditor) return;
    const text = variableEditor.getValue();
    const next = fill(text, filled.current);
    if (next !== text) variableEditor.setValue(next);
  }, [activeTabIndex, variableEditor, answers]);

  // The Tab key moves on, as everywhere else on a page. Ctrl-] indents. A screen reader says where
  // it is.
  useEffect(() => {
    const editors = { queryEditor, variableEditor, headerEditor, responseEditor };
    for (const [name, editor] of Object.entries(editors)) {
      editor?.addKeyMap({ Tab: false, "Shift-Tab": false });
      editor?.getInputField().setAttribute("aria-label", name.replace("Editor", " editor"));
    }
  }, [queryEditor, variableEditor, headerEditor, responseEditor]);

  return null;
}

/** Opens an example in a new tab. */
export function Examples() {
  const { addTab, queryEditor, variableEditor } = useEditorContext();

  function open({ query, variables = "" }) {
    addTab();
    // The editors show the new tab after this event.
    setTimeout(() => {
      queryEditor.setValue(query);
      variableEditor.setValue(variables);
    });
  }

  return (
    <ToolbarMenu label="Examples" button={<span className="examples">Examples</span>}>
      {examples.map((example) => (
        <ToolbarMenu.Item key={nameOf(example)} onSelect={() => open(example)}>
          {nameOf(example)}
        </ToolbarMenu.Item>
      ))}
    </ToolbarMenu>
  );
}
