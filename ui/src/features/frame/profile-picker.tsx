import { Check, Search, X } from "lucide-react";
import { useState } from "react";
import { useIntl } from "react-intl";
import { countryName } from "@/components/country";
import { Popover } from "@/components/popover";
import { useContext } from "@/lib/context";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";
import { groupProfiles, isState } from "@/lib/profiles";
import { useStatus } from "@/lib/queries";
import { useToggleProfile } from "@/lib/use-profiles";

/** All profiles by jurisdiction, searchable; several may be on. */
export function ProfileList() {
  const t = useT();
  const { locale } = useIntl();
  const [query, setQuery] = useState("");
  const known = useStatus().data?.profiles ?? [];
  const { profiles } = useContext();
  const { toggle, clear } = useToggleProfile();
  // The fifty states only show once one asks for them, or has one.
  const groups = groupProfiles(known, query).map((group) => ({
    ...group,
    shown: group.profiles.filter((p) => query !== "" || !isState(p) || profiles.includes(p.id)),
    hidden: query === "" ? group.profiles.filter((p) => isState(p) && !profiles.includes(p.id)).length : 0,
  }));
  return (
    <div className="flex max-h-110 w-96 max-w-[calc(100vw-32px)] flex-col">
      <div className="border-line border-b px-4 pt-3 pb-2">
        <div className="font-semibold">{t("bar.profile.title")}</div>
        <div className="text-cap text-ink-3">{t("bar.profile.hint")}</div>
      </div>
      <label className="flex items-center gap-2 border-line border-b px-4 py-2 focus-within:bg-hover">
        <Search size={14} aria-hidden="true" className="text-ink-3" />
        <span className="sr-only">{t("bar.profile.search")}</span>
        <input
          type="search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          placeholder={t("bar.profile.search")}
          className="min-w-0 flex-1 bg-transparent outline-none"
        />
      </label>
      <div className="min-h-0 flex-1 overflow-y-auto py-1" tabIndex={-1}>
        {groups.length === 0 ? <p className="px-4 py-3 text-ink-3">{t("bar.profile.empty")}</p> : null}
        {groups.map((group) => (
          <fieldset key={group.jurisdiction} className="px-2 py-1">
            <legend className="px-2 pt-1 pb-0.5 font-semibold text-cap text-ink-3">
              {countryName(group.jurisdiction, locale)}
            </legend>
            {group.shown.map((profile) => {
              const on = profiles.includes(profile.id);
              return (
                <label
                  key={profile.id}
                  className="grid grid-cols-[16px_minmax(0,1fr)] items-start gap-x-2.5 rounded-md px-2 py-1 focus-within:outline-2 focus-within:outline-accent hover:bg-hover"
                >
                  <input type="checkbox" checked={on} onChange={() => toggle(profile.id)} className="sr-only" />
                  <span
                    aria-hidden="true"
                    className={cx(
                      "mt-0.75 flex size-3.5 items-center justify-center rounded-sm border",
                      on ? "border-accent bg-accent text-accent-ink" : "border-line-3 bg-surface",
                    )}
                  >
                    {on ? <Check size={10} strokeWidth={3} /> : null}
                  </span>
                  <span className="min-w-0">
                    <span className="block font-medium">{profile.id}</span>
                    <span className="block text-cap text-ink-3">{profile.title}</span>
                  </span>
                </label>
              );
            })}
            {group.hidden > 0 ? (
              <p className="px-2 py-1 pl-8.5 text-cap text-ink-3">{t("bar.profile.states", { count: group.hidden })}</p>
            ) : null}
          </fieldset>
        ))}
      </div>
      {profiles.length > 0 ? (
        <button
          type="button"
          onClick={clear}
          className="border-line border-t px-4 py-2 text-left text-ink-2 hover:bg-hover"
        >
          {t("bar.profile.clear")}
        </button>
      ) : null}
    </div>
  );
}

const CHIP =
  "inline-flex h-6 flex-none items-center gap-1 whitespace-nowrap rounded-pill border border-line-2 bg-surface font-medium text-cap text-ink asof:border-asof-line asof:bg-asof-2 asof:text-asof-ink";

/** "We are": a chip per profile, and the button that adds one. */
export function ProfileChips({ room }: { room: number }) {
  const t = useT();
  const { profiles } = useContext();
  const known = useStatus().data?.profiles ?? [];
  const { toggle } = useToggleProfile();
  const shown = profiles.slice(0, room);
  const rest = profiles.length - shown.length;
  const addLabel =
    rest > 0
      ? room === 0
        ? t("bar.profile.count", { count: profiles.length })
        : t("bar.profile.more", { count: rest })
      : t("bar.profile.add");
  return (
    <div role="group" aria-label={t("bar.who")} className="flex min-w-0 flex-none items-center gap-2">
      <span className="text-cap text-ink-3 asof:text-asof-ink-2 max-lg:hidden">{t("bar.who")}</span>
      {profiles.length === 0 ? (
        <span className={cx(CHIP, "border-dashed px-2.5 max-sm:hidden")}>{t("bar.profile.none")}</span>
      ) : null}
      {shown.map((id) => (
        <span key={id} className={cx(CHIP, "pl-2.5")} title={known.find((p) => p.id === id)?.title}>
          {id}
          <button
            type="button"
            aria-label={t("bar.profile.remove", { profile: id })}
            onClick={() => toggle(id)}
            className="-my-px flex size-6 items-center justify-center rounded-pill text-ink-3 asof:text-asof-ink-2 hover:text-ink asof:hover:text-asof-ink"
          >
            <X size={12} strokeWidth={2.1} aria-hidden="true" />
          </button>
        </span>
      ))}
      <Popover
        label={t("bar.profile.title")}
        trigger={
          <button
            type="button"
            aria-label={rest > 0 ? addLabel : t("bar.profile.addLabel")}
            className={cx(
              "inline-flex h-6 flex-none items-center gap-1.5 whitespace-nowrap rounded-pill border border-line-2 border-dashed text-cap text-ink-3 hover:text-ink asof:border-asof-line asof:text-asof-ink-2 asof:hover:text-asof-ink",
              rest > 0 ? "px-2.5" : "pr-2.5 pl-1.5",
            )}
          >
            {rest > 0 ? null : <PlusGlyph />}
            {addLabel}
          </button>
        }
      >
        <ProfileList />
      </Popover>
    </div>
  );
}

function PlusGlyph() {
  return (
    <svg
      width="12"
      height="12"
      viewBox="0 0 12 12"
      aria-hidden="true"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
    >
      <path d="M6 2v8M2 6h8" />
    </svg>
  );
}
