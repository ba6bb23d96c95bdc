import { useState } from "react";
import { useIntl } from "react-intl";
import { Button, Country, Day, formatDay } from "@/components";
import type { FootprintRow, ListingRow, PartyRow, StatementRow } from "@/ipc";
import { useT } from "@/lib/i18n";
import { Block } from "./block";
import { groupPeople, isUncertain } from "./parties";

/** How big it is, in the figures somebody gave. */
export function Footprint({ rows }: { rows: readonly FootprintRow[] }) {
  const t = useT();
  const { locale } = useIntl();
  const sayers = new Set(rows.map((row) => `${row.says}|${row.as_of}`));
  const first = rows[0];
  const one = sayers.size === 1 && first;
  const who = (row: FootprintRow) =>
    [row.says, row.as_of ? formatDay(row.as_of, locale) : null].filter(Boolean).join(", ");
  return (
    <Block title={t("vendors.footprint")} aside={one ? who(one) : null}>
      <dl className="grid grid-cols-2 gap-x-4">
        {rows.map((row, i) => (
          <div
            key={row.label}
            className={i < 2 ? "flex flex-col-reverse py-1.5" : "flex flex-col-reverse border-line border-t py-1.5"}
            title={row.source}
          >
            <dt className="text-cap text-ink-3">
              {row.label}
              {one ? null : <span className="block">{who(row)}</span>}
            </dt>
            <dd className="font-semibold text-sec tabular-nums">{row.value}</dd>
          </div>
        ))}
      </dl>
    </Block>
  );
}

function Listings({ listings }: { listings: readonly ListingRow[] }) {
  const t = useT();
  if (listings.length === 0) return <span className="text-ink-3">{t("vendors.people.not-listed")}</span>;
  return (
    <>
      {listings.map((listing) => (
        <span
          key={listing.restriction.id}
          className="block"
          title={[listing.issuer, listing.note].filter(Boolean).join(". ")}
        >
          <span className="font-medium text-ink">{listing.restriction.short_title}</span>
          <span className="text-ink-3">
            {" "}
            {t("vendors.people.since")} <Day iso={listing.from} />
          </span>
          {isUncertain(listing) || listing.note !== null ? (
            <span className="block text-ink-3">{listing.note ?? t("vendors.people.check")}</span>
          ) : null}
        </span>
      ))}
    </>
  );
}

function Party({ party }: { party: PartyRow }) {
  return (
    <li className="border-line border-t py-1.5 text-cap first:border-t-0">
      <div className="text-ink-3">
        <b className="font-medium text-ink">{party.name}</b>
        {party.country ? (
          <>
            {" "}
            <Country code={party.country} className="text-micro text-ink-3 no-underline" />
          </>
        ) : null}
        {party.role ? <span className="ml-1.5">{party.role}</span> : null}
      </div>
      {party.aliases.length > 0 ? <div className="text-ink-3">{party.aliases.join(", ")}</div> : null}
      <div>
        <Listings listings={party.listed_by} />
      </div>
      {party.note ? <div className="text-ink-3">{party.note}</div> : null}
    </li>
  );
}

const FIRST_PEOPLE = 14;

/** Who is not listed is said first and out loud; then those who are. */
export function Parties({
  people,
  entities,
  notListed,
}: {
  people: readonly PartyRow[];
  entities: readonly PartyRow[];
  notListed: readonly string[];
}) {
  const t = useT();
  const [all, setAll] = useState(false);
  const { apart, listed } = groupPeople(people);
  const shown = all ? listed?.people : listed?.people.slice(0, FIRST_PEOPLE);
  return (
    <>
      {people.length + notListed.length > 0 ? (
        <Block title={t("vendors.people")}>
          {notListed.length > 0 ? (
            <ul className="mb-2 flex flex-col gap-1 rounded-md bg-sunk px-3 py-2">
              {notListed.map((sentence) => (
                <li key={sentence} className="font-medium text-cap text-ink">
                  {sentence}
                </li>
              ))}
            </ul>
          ) : null}
          {apart.length > 0 ? (
            <ul>
              {apart.map((person) => (
                <Party key={person.id} party={person} />
              ))}
            </ul>
          ) : null}
          {listed ? (
            <>
              <h3 className="border-line-2 border-t py-1.5 text-cap" title={listed.listing.issuer}>
                <span className="font-semibold text-ink">{listed.listing.restriction.short_title}</span>
                <span className="block font-normal text-ink-3">
                  {t("vendors.people.listed", { count: listed.people.length })} <Day iso={listed.listing.from} />
                </span>
              </h3>
              <ul>
                {shown?.map(({ person, listing }) => (
                  <li key={person.id} className="border-line border-t py-1 text-cap">
                    <div className="flex items-baseline gap-1.5">
                      <b className="min-w-0 flex-1 font-medium text-ink">{person.name}</b>
                      {isUncertain(listing) ? (
                        <span className="flex-none font-medium text-ink-2">{t("vendors.people.check")}</span>
                      ) : listing.list_id ? (
                        <code className="flex-none font-mono text-ink-3 text-micro" title={t("vendors.people.list-id")}>
                          {listing.list_id}
                        </code>
                      ) : null}
                    </div>
                    {person.role ? <div className="text-ink-3">{person.role}</div> : null}
                    {listing.note ? <div className="text-ink-2">{listing.note}</div> : null}
                  </li>
                ))}
              </ul>
              {listed.people.length > FIRST_PEOPLE ? (
                <Button
                  variant="ghost"
                  size="sm"
                  className="-ml-2"
                  data-print="hide"
                  aria-expanded={all}
                  onClick={() => setAll(!all)}
                >
                  {all ? t("vendors.matrix.fewer") : t("vendors.people.all", { count: listed.people.length })}
                </Button>
              ) : null}
            </>
          ) : null}
        </Block>
      ) : null}
      {entities.length > 0 ? (
        <Block title={t("vendors.companies")}>
          <ul>
            {entities.map((entity) => (
              <Party key={entity.id} party={entity} />
            ))}
          </ul>
        </Block>
      ) : null}
    </>
  );
}

export function Statements({ rows }: { rows: readonly StatementRow[] }) {
  const t = useT();
  const { locale } = useIntl();
  const side = (row: StatementRow) =>
    row.side === "issuer"
      ? t("vendors.side.issuer")
      : row.side === "vendor"
        ? t("vendors.side.vendor")
        : t("vendors.side.government");
  return (
    <Block title={t("vendors.statements")}>
      {rows.map((row) => (
        <figure
          key={`${row.by}${row.date}${row.quote ?? row.says}`}
          className="border-line border-t py-2 text-cap text-ink-2 first-of-type:border-t-0 first-of-type:pt-0"
        >
          <figcaption className="text-ink-3" title={side(row)}>
            <b className="font-medium text-ink">{row.by}</b>
            {row.date ? `, ${formatDay(row.date, locale)}` : null}
          </figcaption>
          {row.quote ? (
            <blockquote>
              <q className="[quotes:'“'_'”']">{row.quote}</q>
            </blockquote>
          ) : null}
          {row.says ? <p>{row.says}</p> : null}
          <p className="text-ink-3">
            {row.about ? `${t("vendors.statements.about", { instrument: row.about.short_title })}. ` : null}
            {t("vendors.statements.source", { source: row.source })}
          </p>
        </figure>
      ))}
    </Block>
  );
}
