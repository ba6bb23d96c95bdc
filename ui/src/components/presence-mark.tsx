import type { Presence } from "@/ipc";
import { useT } from "@/lib/i18n";

/** Live filled dot, dormant ring, residue dashed ring, ghost dotted outline; always with the word. */
export function PresenceMark({ presence }: { presence: Presence }) {
  const t = useT();
  return (
    <span
      className="inline-flex items-center gap-1.5 whitespace-nowrap align-middle text-ink-2"
      title={t(`presence.${presence}.means`)}
    >
      <svg width="10" height="10" viewBox="0 0 10 10" className="flex-none" aria-hidden="true">
        {presence === "live" ? <circle cx="5" cy="5" r="4" fill="currentColor" /> : null}
        {presence === "dormant" ? (
          <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        ) : null}
        {presence === "residue" ? (
          <circle cx="5" cy="5" r="3.9" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray="3.4 1.5" />
        ) : null}
        {presence === "ghost" ? (
          <circle
            cx="5"
            cy="5"
            r="4"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.3"
            strokeLinecap="round"
            strokeDasharray="0.1 2.4"
          />
        ) : null}
      </svg>
      {t(`presence.${presence}`)}
    </span>
  );
}
