import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useIntl } from "react-intl";
import type { Telling, ToldTitle } from "@/ipc";
import { useNumber, useT } from "@/lib/i18n";
import { formatDay } from "./day";

/** So many lines are shown before one has to ask for the rest. */
const FIRST = 4;

/** Who told when, and how many by the tool's own count, in words. */
export function useTellingWords(): (telling: Telling) => string {
  const t = useT();
  const { locale } = useIntl();
  return ({ tool, at, count, newer }) => {
    const day = formatDay(at.slice(0, 10), locale);
    const said = count === null ? t("told.by", { tool, day }) : t("told.by.count", { tool, day, count });
    return newer > 0 ? `${said}; ${t("told.not-in-newest")}` : said;
  };
}

/**
 * Titles of which tools tell without saying on which machines: the tools' counts, which stand in no count of ours. A title
 * with a family leads to the page of its product.
 */
export function ToldTable({
  titles,
  label,
}: {
  titles: readonly { title: ToldTitle; family: string | null }[];
  label: string;
}) {
  const t = useT();
  const number = useNumber();
  const { locale } = useIntl();
  const [isWhole, setIsWhole] = useState(false);
  const lines = titles.flatMap(({ title, family }) => title.told.map((telling) => ({ title, family, telling })));
  const shown = isWhole ? lines : lines.slice(0, FIRST);
  const head = "h-6.5 pr-4 text-left font-normal text-ink-3";
  return (
    <>
      <div className="overflow-x-auto">
        <table aria-label={label} className="w-full min-w-150 max-w-240 table-fixed text-cap">
          <thead>
            <tr>
              <th className={head}>{t("told.col.title")}</th>
              <th className={`${head} w-32`}>{t("software.col.version")}</th>
              <th className={`${head} w-28 text-right`}>{t("told.col.count")}</th>
              <th className={head}>{t("told.col.tool")}</th>
              <th className={`${head} w-28`}>{t("told.col.day")}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ title, family, telling }) => (
              <tr
                key={`${family}\t${title.name}\t${title.version}\t${title.publisher}\t${telling.import}\t${telling.count}`}
                className={telling.newer > 0 ? "text-ink-3" : undefined}
              >
                <td className="h-6.5 truncate pr-4 text-ink" title={title.name}>
                  {family === null ? (
                    title.name
                  ) : (
                    <Link to="/software/$id" params={{ id: family }} className="lk">
                      {title.name}
                    </Link>
                  )}
                </td>
                <td className="truncate pr-4 tabular-nums" title={title.version ?? undefined}>
                  {title.version}
                </td>
                <td className="pr-4 text-right tabular-nums">
                  {telling.count === null ? (
                    <span className="text-ink-3">{t("told.count.none")}</span>
                  ) : (
                    number(telling.count)
                  )}
                </td>
                <td className="truncate pr-4" title={telling.tool}>
                  <Link to="/imports/$number" params={{ number: String(telling.import) } as never} className="lk">
                    {telling.tool}
                  </Link>
                </td>
                <td className="truncate tabular-nums" title={telling.newer > 0 ? t("told.not-in-newest") : undefined}>
                  {formatDay(telling.at.slice(0, 10), locale)}
                  {telling.newer > 0 ? <span className="sr-only">, {t("told.not-in-newest")}</span> : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {lines.length > shown.length ? (
        <button type="button" className="lk mt-1 text-cap" onClick={() => setIsWhole(true)}>
          {t("told.more", { count: lines.length - shown.length })}
        </button>
      ) : null}
    </>
  );
}
