// The theme of the last start, so that a dark window does not begin white. The settings decide as soon as they are read.
const KEY = "interdict.theme";

export function rememberTheme(name: "light" | "dark"): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // Not remembered: the next start follows the system until the settings are read.
  }
}

export function showRememberedTheme(): void {
  let name: string | null = null;
  try {
    name = localStorage.getItem(KEY);
  } catch {
    // As above.
  }
  const system = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.theme = name === "dark" || name === "light" ? name : system;
}
