import { Search, Undo2 } from "lucide-react";
import { Kbd } from "@/components/kbd";
import type { AppStatus } from "@/ipc";
import { useContext, useSetContext } from "@/lib/context";
import { cx } from "@/lib/cx";
import { useMediaQuery } from "@/lib/hooks";
import { useT } from "@/lib/i18n";
import { AsOfField } from "./as-of-field";
import { AsOfSlider } from "./as-of-slider";
import { ProfileChips } from "./profile-picker";

export const MOD_KEY = /mac/i.test(navigator.platform) ? "⌘" : "Ctrl";

/** What we ask for: as whom, and for which day. Another day than today turns the whole bar teal. */
export function TopBar({ status, onSearch }: { status: AppStatus; onSearch: () => void }) {
  const t = useT();
  const { isAsOf, today } = useContext();
  const setContext = useSetContext();
  const wide = useMediaQuery("(min-width: 1400px)");
  const middle = useMediaQuery("(min-width: 1180px)");
  const line = useMediaQuery("(min-width: 900px)");
  const room = wide ? 3 : middle ? 2 : line ? 1 : 0;
  return (
    <header
      data-asof-bar={isAsOf ? "" : undefined}
      data-print="hide"
      className={cx(
        "flex min-h-bar min-w-0 items-center gap-3 overflow-hidden border-b pr-4 pl-6 max-md:gap-2 max-md:px-3 max-sm:flex-wrap max-sm:py-2",
        isAsOf ? "border-asof bg-asof text-asof-ink" : "border-line bg-canvas",
      )}
    >
      <ProfileChips room={room} />
      <span aria-hidden="true" className="h-5 w-px flex-none bg-line-2 asof:bg-asof-line max-md:hidden" />
      <AsOfField dates={status.effect_dates} />
      {line ? <AsOfSlider dates={status.effect_dates} /> : null}
      {isAsOf ? (
        <button
          type="button"
          onClick={() => setContext({ as_of: today })}
          className="inline-flex h-7 flex-none items-center gap-1.5 whitespace-nowrap rounded-md bg-asof-ink px-2.5 font-semibold text-asof-back"
        >
          <Undo2 size={14} aria-hidden="true" />
          <span className="max-sm:sr-only">{t("bar.asof.back")}</span>
        </button>
      ) : null}
      <span className="flex-1" />
      <button
        type="button"
        onClick={onSearch}
        aria-label={t("bar.search")}
        aria-keyshortcuts="Control+K Meta+K /"
        className={cx(
          "inline-flex h-7 items-center gap-2 rounded-md border border-line-2 bg-surface px-2 text-ink-3 asof:border-asof-line asof:bg-asof-2 asof:text-asof-ink-2",
          "flex-none w-auto wide:w-54",
          isAsOf && "wide:max-2xl:w-auto",
        )}
      >
        <Search size={14} aria-hidden="true" className="flex-none" />
        <span className={cx("flex-1 truncate text-left", isAsOf ? "max-2xl:hidden" : "max-wide:hidden")}>
          {t("bar.search")}
        </span>
        <Kbd className="asof:border-asof-line asof:bg-transparent asof:text-asof-ink-2 max-md:hidden">{MOD_KEY} K</Kbd>
      </button>
    </header>
  );
}
