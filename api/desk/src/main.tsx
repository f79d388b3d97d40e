import { createRoot } from "react-dom/client";
import { App } from "./app";
import "./style.css";
import { resume } from "./session";

createRoot(document.getElementById("page") as HTMLElement).render(<App />);
void resume();
