import { useIntl } from "react-intl";

/** The catalogue's short code for display: `US`, `EU`, `UK`, `INT`. */
export function countryCode(code: string): string {
  return code.toUpperCase();
}

/** The name of a country or of the European Union, in the reader's language. */
export function countryName(code: string, locale = "en"): string {
  const upper = code.toUpperCase();
  if (upper === "INT") return locale === "de" ? "Überall" : "Anywhere";
  try {
    return (
      new Intl.DisplayNames([locale], { type: "region", fallback: "code" }).of(upper === "UK" ? "GB" : upper) ?? upper
    );
  } catch {
    return upper;
  }
}

/** `US` with the name on hover. Letters, not flags: a flag is a picture of a state, not of a law. */
export function Country({ code, className }: { code: string; className?: string }) {
  const { locale } = useIntl();
  return (
    <abbr title={countryName(code, locale)} className={className ?? "text-ink-3 no-underline"}>
      {countryCode(code)}
    </abbr>
  );
}
