// WebKitGTK under LANG=C / C.UTF-8 reports navigator.language === "C", which is not a BCP 47 tag:
// `new Intl.NumberFormat(navigator.language)` throws RangeError. This module is imported before everything else.
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en-US", configurable: true });
  Object.defineProperty(navigator, "languages", { value: ["en-US"], configurable: true });
}

export {};
