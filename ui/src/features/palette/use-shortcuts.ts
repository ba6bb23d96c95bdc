import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

export const GO_TO = {
  o: "/overview",
  f: "/findings",
  m: "/machines",
  t: "/software",
  v: "/vendors",
  r: "/restrictions",
  i: "/imports",
  s: "/settings",
} as const;

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.closest("input, textarea, select") !== null)
  );
}

/** The keys that work everywhere. Single letters stay quiet while one types or a dialog is open. */
export function useShortcuts({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }): void {
  const navigate = useNavigate();
  const actions = useRef({ onPalette, onHelp, navigate });
  actions.current = { onPalette, onHelp, navigate };
  useEffect(() => {
    let going = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const { onPalette, onHelp, navigate } = actions.current;
      const key = event.key.toLowerCase();
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && key === "k") {
        event.preventDefault();
        onPalette();
        return;
      }
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        typing(event.target) ||
        document.querySelector("dialog[open]")
      )
        return;
      if (Date.now() < going && key in GO_TO) {
        going = 0;
        event.preventDefault();
        void navigate({ to: GO_TO[key as keyof typeof GO_TO] });
      } else if (key === "g") {
        going = Date.now() + 1500;
      } else if (key === "/") {
        event.preventDefault();
        // A screen with its own search field gets the key; elsewhere it opens the search over everything.
        const field = document.querySelector<HTMLInputElement>("main [data-search-field]");
        if (field) field.focus();
        else onPalette();
      } else if (event.key === "?") {
        event.preventDefault();
        onHelp();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
