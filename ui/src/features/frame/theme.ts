import { useLayoutEffect } from "react";
import type { Theme } from "@/ipc";
import { useMediaQuery } from "@/lib/hooks";
import { rememberTheme } from "@/lib/remembered-theme";

/** Puts the theme on the document; paper is always light. */
export function useTheme(theme: Theme | undefined): void {
  const prefersDark = useMediaQuery("(prefers-color-scheme: dark)");
  const dark = theme === "dark" || (theme !== "light" && prefersDark);
  const known = theme !== undefined;
  useLayoutEffect(() => {
    if (!known) return;
    const show = (name: "dark" | "light") => {
      document.documentElement.dataset.theme = name;
    };
    const chosen = dark ? "dark" : "light";
    const before = () => show("light");
    const after = () => show(chosen);
    show(chosen);
    rememberTheme(chosen);
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
    return () => {
      window.removeEventListener("beforeprint", before);
      window.removeEventListener("afterprint", after);
    };
  }, [dark, known]);
}
