/** Shows a failed start in the window itself: there is no console to look at. No React, no styles but the tokens'. */
export function showStartUpError(thrown: unknown): void {
  const root = document.getElementById("root");
  if (!root || root.querySelector("[data-start-up-error]")) return;
  const message = thrown instanceof Error ? `${thrown.message}\n\n${thrown.stack ?? ""}` : String(thrown);
  const box = document.createElement("main");
  box.dataset.startUpError = "";
  box.className = "mx-auto max-w-160 p-12";
  const title = document.createElement("h1");
  title.className = "mb-2 font-semibold text-page";
  title.textContent = "Interdict could not start its window";
  const text = document.createElement("pre");
  text.className = "whitespace-pre-wrap break-words font-mono text-code text-ink-2";
  text.textContent = message.trim();
  box.append(title, text);
  root.replaceChildren(box);
}
