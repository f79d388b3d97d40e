import { createRoot } from "react-dom/client";
import { App } from "./app";
import "./style.css";
import { resume } from "./session";

const page = document.getElementById("page");
if (page) createRoot(page).render(<App />);
void resume();
