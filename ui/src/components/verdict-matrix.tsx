import { useState } from "react";
import { useIntl } from "react-intl";
import type { Activity, MatrixRow } from "@/ipc";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";
import { Button } from "./button";
import { TierIcon } from "./tier-icon";

/** Activities by profiles: ours first and bold; none is a quiet check. Narrow, the cells keep the icon and hide the word. */
export function VerdictMatrix({
  rows,
  first = 10,
  picked,
  onPick,
}: {
  rows: readonly MatrixRow[];
  /** Rows shown before "all". */
  first?: number;
  /** The activity whose reasons are shown. */
  picked: Activity | null;
  /** Our own answers lead to their reasons. */
  onPick: (activity: Activity) => void;
}) {
  const t = useT();
  const { locale } = useIntl();
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, first);
  const head = rows[0];
  if (!head) return null;
  // German words are longer: they need more room before they are written out.
  const word = locale.startsWith("de") ? "sr-only @min-[1060px]:not-sr-only" : "sr-only @min-[790px]:not-sr-only";
  return (
    <div className="@container">
      <div className="overflow-x-auto">
        <table className="w-full min-w-140 table-fixed border-separate border-spacing-0 text-cap">
          <caption className="sr-only">{t("vendors.matrix.caption")}</caption>
          <thead>
            <tr>
              <th scope="col" className="w-36 text-left font-normal">
                <span className="sr-only">{t("vendors.matrix.profile")}</span>
              </th>
              {head.activities.map(({ activity }) => (
                <th
                  key={activity}
                  scope="col"
                  title={t(`activity.${activity}`)}
                  className="h-6 hyphens-auto whitespace-normal px-0.5 align-bottom font-medium text-ink-3 text-tick leading-3 [overflow-wrap:anywhere] @min-[790px]:text-code @min-[790px]:leading-4"
                >
                  {t(`activity.${activity}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => {
              const ours = row.profile === null;
              const name = row.profile ?? t("vendors.matrix.ours");
              return (
                <tr key={row.profile ?? ""}>
                  <th
                    scope="row"
                    title={row.title}
                    className={cx(
                      "h-7 truncate border-line border-t pr-1 text-left",
                      ours ? "font-semibold text-ink" : "font-medium text-ink-2",
                    )}
                  >
                    {name}
                  </th>
                  {row.activities.map(({ activity, tier }) => {
                    const label = `${name}, ${t(`activity.${activity}`)}: ${t(`tier.${tier}`)}`;
                    const content = (
                      <>
                        <TierIcon tier={tier} size={11} />
                        <span className={tier === "none" ? "sr-only" : word}>{t(`tier.${tier}`)}</span>
                      </>
                    );
                    const look =
                      "flex h-5.5 w-full items-center justify-center gap-0.5 rounded-sm font-medium text-tick";
                    return (
                      <td key={activity} className="h-7 border-line border-t px-px py-0.75">
                        {ours && tier !== "none" ? (
                          <button
                            type="button"
                            data-tier={tier}
                            aria-label={label}
                            title={`${label}. ${t("vendors.matrix.why")}`}
                            aria-expanded={picked === activity}
                            onClick={() => onPick(activity)}
                            className={cx(
                              look,
                              "bg-tier-b text-tier-t",
                              picked === activity ? "border border-tier-t" : "hairline-tier hover:brightness-95",
                            )}
                          >
                            {content}
                          </button>
                        ) : (
                          <span
                            data-tier={tier}
                            title={label}
                            className={cx(look, tier === "none" ? "text-ink-3" : "bg-tier-b text-tier-t hairline-tier")}
                          >
                            {content}
                          </span>
                        )}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {rows.length > first ? (
        <Button
          variant="ghost"
          size="sm"
          className="-ml-2 mt-1"
          data-print="hide"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? t("vendors.matrix.fewer") : t("vendors.matrix.all", { count: rows.length - 1 })}
        </Button>
      ) : null}
    </div>
  );
}
