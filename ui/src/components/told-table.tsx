import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useIntl } from "react-intl";
import type { Telling, ToldCount, ToldTitle } from "@/ipc";
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

/** The tools that tell of something: the newest by name. */
export function useToolWords(): (told: ToldCount) => string {
  const t = useT();
  return ({ tools }) =>
    tools.length > 1 ? t("told.tools", { tool: tools[0], more: tools.length - 1 }) : (tools[0] ?? "");
}

/** That something is told of without a machine, by whom and when, in a line. */
export function useToldWords(): (told: ToldCount) => string {
  const t = useT();
  const { locale } = useIntl();
  const tool = useToolWords();
  return (told) => t("told.short", { tool: tool(told), day: formatDay(told.at.slice(0, 10), locale) });
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
  const head = "h-7 border-line-2 border-b pr-4 text-left font-normal text-ink-3";
  const cell = "h-7 truncate border-line border-b pr-4";
  return (
    <>
      <div className="overflow-x-auto">
        <table
          aria-label={label}
          className="w-full min-w-150 max-w-240 table-fixed border-separate border-spacing-0 text-cap"
        >
          <thead>
            <tr>
              <th className={`${head} w-[38%]`}>{t("told.col.title")}</th>
              <th className={`${head} w-26`}>{t("software.col.version")}</th>
              <th className={`${head} w-27 text-right`}>{t("told.col.count")}</th>
              <th className={head}>{t("told.col.tool")}</th>
              <th className={`${head} w-27`}>{t("told.col.day")}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ title, family, telling }) => (
              <tr
                key={`${family}\t${title.name}\t${title.version}\t${title.publisher}\t${telling.import}\t${telling.count}`}
                className={telling.newer > 0 ? "text-ink-3" : undefined}
              >
                <td className={`${cell} text-ink`} title={title.name}>
                  {family === null ? (
                    title.name
                  ) : (
                    <Link to="/software/$id" params={{ id: family }} className="lk">
                      {title.name}
                    </Link>
                  )}
                </td>
                <td className={`${cell} tabular-nums`} title={title.version ?? undefined}>
                  {title.version}
                </td>
                <td className={`${cell} text-right tabular-nums`}>
                  {telling.count === null ? (
                    <span className="text-ink-3">{t("told.count.none")}</span>
                  ) : (
                    number(telling.count)
                  )}
                </td>
                <td className={cell} title={telling.tool}>
                  <Link to="/imports/$number" params={{ number: String(telling.import) } as never} className="lk">
                    {telling.tool}
                  </Link>
                </td>
                <td className={`${cell} tabular-nums`} title={telling.newer > 0 ? t("told.not-in-newest") : undefined}>
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
