import type { ReactNode } from "react";
import { createIntl, createIntlCache, IntlProvider, useIntl } from "react-intl";
import de from "@/messages/de.json";
import en from "@/messages/en.json";

export type MessageId = keyof typeof en;
export type Locale = "en" | "de";
type Value = string | number | boolean | Date | null | undefined;
type RichValue = Value | ReactNode | ((chunks: ReactNode[]) => ReactNode);

const MESSAGES: Record<Locale, Record<string, string>> = { en, de };

/** The language of the window: German where the system is German, else English. */
export function systemLocale(): Locale {
  return navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
}

/** Numbers and dates of English are British: `20 Jul 2024`, `12,300`. */
export function formatLocale(locale: string): string {
  return locale === "de" ? "de-DE" : "en-GB";
}

export function Messages({ locale = systemLocale(), children }: { locale?: Locale; children: ReactNode }) {
  return (
    <IntlProvider locale={locale} messages={MESSAGES[locale]} defaultLocale="en">
      {children}
    </IntlProvider>
  );
}

/** Texts as strings: `t("findings.title", { count })`. */
export function useT(): (id: MessageId, values?: Record<string, Value>) => string {
  const intl = useIntl();
  return (id, values) => intl.formatMessage({ id }, values);
}

/** A text that may hold elements: `<T id="x" link={(chunks) => <a>{chunks}</a>} />`. */
export function T({ id, ...values }: { id: MessageId } & Record<string, RichValue>) {
  const intl = useIntl();
  return <>{intl.formatMessage({ id }, values as Record<string, ReactNode>)}</>;
}

/** Whole numbers with the reader's separators. */
export function useNumber(): (value: number) => string {
  const intl = useIntl();
  return (value) => intl.formatNumber(value);
}

/** Outside React: start-up errors and tests. */
export function intlFor(locale: Locale) {
  return createIntl({ locale, messages: MESSAGES[locale] }, createIntlCache());
}
