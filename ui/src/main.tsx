import "./lib/language-guard";
import { showRememberedTheme } from "./lib/remembered-theme";
import { showStartUpError } from "./lib/start-up-error";
import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "./styles/app.css";

async function start(): Promise<void> {
  const { setBackend } = await import("./ipc");
  if ("__TAURI_INTERNALS__" in window) setBackend((await import("./ipc/tauri")).tauri);
  else if (import.meta.env.DEV || import.meta.env.MODE === "fake") {
    setBackend((await import("./ipc/fake")).fakeFromAddress(window.location.search));
  } else throw new Error("This page belongs inside the Interdict window and does not work in a browser.");
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no #root");
  const { mount } = await import("./app");
  mount(root);
}

window.addEventListener("error", (event) => {
  // Only before anything is shown; later errors belong to the router's error screen.
  if (!document.getElementById("root")?.hasChildNodes()) showStartUpError(event.error ?? event.message);
});
showRememberedTheme();
start().catch(showStartUpError);
