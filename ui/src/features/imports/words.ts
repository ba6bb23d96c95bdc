import { useIntl } from "react-intl";
import { formatLocale, type MessageId, useT } from "@/lib/i18n";
import type { QueuedFile } from "./import-store";
import { fieldMessage } from "./mapping";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** `12.4 MB`, in the reader's numbers. */
export function formatBytes(bytes: number, locale: string): string {
  let value = bytes;
  let step = 0;
  while (value >= 1000 && step < UNITS.length - 1) {
    value /= 1000;
    step += 1;
  }
  return new Intl.NumberFormat(formatLocale(locale), {
    style: "unit",
    unit: UNITS[step] ?? "byte",
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: step === 0 || value >= 100 ? 0 : 1,
  }).format(value);
}

export function useBytes(): (bytes: number) => string {
  const { locale } = useIntl();
  return (bytes) => formatBytes(bytes, locale);
}

/** A field in plain words. */
export function useFieldName(): (field: string) => string {
  const t = useT();
  return (field) => {
    const id = fieldMessage(field);
    return id ? t(id) : field;
  };
}

const RULES = new Set(["new", "namesake", "machine-id", "decided", "tool-id", "uuid", "serial", "fqdn", "hostname"]);

/** Whether a person should see if it is the right machine. */
export function isWorthALook(rule: string): boolean {
  return rule === "hostname" || rule === "namesake";
}

/** By what a device was taken for a machine. */
export function useRule(): (rule: string) => string {
  const t = useT();
  return (rule) => (RULES.has(rule) ? t(`imports.rule.${rule}` as MessageId) : rule);
}

/** Seconds that reading will still take, once there is something to go by. */
export function secondsLeft(file: QueuedFile, now: number): number | null {
  const elapsed = (now - file.begun) / 1000;
  if (file.phase !== "reading" || elapsed < 2 || file.bytes === 0 || file.bytes >= file.of) return null;
  return Math.max(1, Math.round((elapsed * (file.of - file.bytes)) / file.bytes));
}
