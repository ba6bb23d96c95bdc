import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { Button, Country } from "@/components";
import type { ListedPersonRow, NamedCompany, RestrictionDetail, VendorRef } from "@/ipc";
import { useT } from "@/lib/i18n";
import { useWord } from "./words";

const FIRST = 12;

/** Names side by side; of many only the first until asked. */
function Names<E>({
  entries,
  keyOf,
  children,
}: {
  entries: readonly E[];
  keyOf: (entry: E) => string;
  children: (entry: E) => ReactNode;
}) {
  const t = useT();
  const [all, setAll] = useState(false);
  const shown = all || entries.length <= FIRST + 2 ? entries : entries.slice(0, FIRST);
  return (
    <>
      <ul className="flex flex-wrap gap-x-3 gap-y-0.5">
        {shown.map((entry) => (
          <li key={keyOf(entry)}>{children(entry)}</li>
        ))}
      </ul>
      {entries.length > FIRST + 2 ? (
        <Button
          variant="ghost"
          size="sm"
          className="-ml-2"
          data-print="hide"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? t("vendors.matrix.fewer") : t("vendors.used.all", { count: entries.length })}
        </Button>
      ) : null}
    </>
  );
}

export function VendorLink({ vendor }: { vendor: VendorRef }) {
  return (
    <Link to="/vendors/$id" params={{ id: vendor.id }} className="lk">
      {vendor.name}
    </Link>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h4 className="font-medium text-ink">{title}</h4>
      {children}
    </div>
  );
}

function Company({ company }: { company: NamedCompany }) {
  return (
    <>
      {company.name}
      {company.country ? (
        <>
          {" "}
          <Country code={company.country} className="text-ink-3 text-micro no-underline" />
        </>
      ) : null}
    </>
  );
}

function Person({ person }: { person: ListedPersonRow }) {
  const t = useT();
  return (
    <li className="border-line border-t py-1 first:border-t-0">
      <span className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1">
          <b className="font-medium text-ink">{person.name}</b>
          {person.role ? <span className="text-ink-3"> {person.role}</span> : null}
        </span>
        {person.uncertain ? (
          <span className="flex-none font-medium">{t("vendors.people.check")}</span>
        ) : person.list_id ? (
          <code className="flex-none font-mono text-ink-3 text-micro" title={t("vendors.people.list-id")}>
            {person.list_id}
          </code>
        ) : null}
      </span>
      {person.note ? <span className="block text-ink-3">{person.note}</span> : null}
    </li>
  );
}

const byVendor = (companies: readonly NamedCompany[]) => {
  const groups = new Map<string, { vendor: VendorRef; companies: NamedCompany[] }>();
  for (const company of companies) {
    const group = groups.get(company.vendor.id) ?? { vendor: company.vendor, companies: [] };
    group.companies.push(company);
    groups.set(company.vendor.id, group);
  }
  return [...groups.values()];
};

/** Who and what an instrument is about; and out loud, who of the same vendors it does not name. */
export function Scope({ detail }: { detail: RestrictionDetail }) {
  const t = useT();
  const word = useWord();
  const { scope, row } = detail;
  const notNamed = byVendor(scope.companies_not_named);
  const classes = scope.product_classes.map((each) => word("class", each)).join(", ");
  return (
    <div className="flex flex-col gap-2.5 text-cap text-ink-2">
      {scope.vendors.length > 0 ? (
        <Part title={t("restrictions.scope.groups")}>
          <Names entries={scope.vendors} keyOf={(vendor) => vendor.id}>
            {(vendor) => <VendorLink vendor={vendor} />}
          </Names>
        </Part>
      ) : null}
      {scope.companies.length > 0 ? (
        <Part title={t("restrictions.scope.companies")}>
          {byVendor(scope.companies).map(({ vendor, companies }) => (
            <div key={vendor.id} className="border-line border-t py-1 first-of-type:border-t-0">
              <VendorLink vendor={vendor} />
              <span className="block">
                {companies.map((company, i) => (
                  <span key={company.name}>
                    {i > 0 ? "; " : null}
                    <Company company={company} />
                  </span>
                ))}
              </span>
              {notNamed
                .filter((group) => group.vendor.id === vendor.id)
                .map((group) => (
                  <span key={group.vendor.id} className="block text-ink-3">
                    {t("restrictions.scope.not-named", {
                      names: group.companies.map((company) => company.name).join("; "),
                    })}
                  </span>
                ))}
            </div>
          ))}
        </Part>
      ) : null}
      {scope.persons.length > 0 ? (
        <Part title={t("restrictions.scope.persons", { count: scope.persons.length })}>
          {scope.persons_not_listed.length > 0 ? (
            <p className="my-1 rounded-md bg-sunk px-3 py-1.5 font-medium text-ink">
              {t("restrictions.scope.not-listed", {
                names: scope.persons_not_listed
                  .map((person) => [person.name, person.role].filter(Boolean).join(", "))
                  .join("; "),
              })}
            </p>
          ) : null}
          <ul>
            {scope.persons.map((person) => (
              <Person key={person.name} person={person} />
            ))}
          </ul>
        </Part>
      ) : null}
      {scope.goods.map((goods) => (
        <Part key={goods.word} title={word("goods", goods.word)}>
          {goods.vendors.length > 0 ? (
            <>
              <p className="text-ink-3">{t("restrictions.scope.belong", { count: goods.vendors.length })}</p>
              <Names entries={goods.vendors} keyOf={(vendor) => vendor.id}>
                {(vendor) => <VendorLink vendor={vendor} />}
              </Names>
            </>
          ) : (
            <p className="text-ink-3">{t("restrictions.scope.nobody")}</p>
          )}
        </Part>
      ))}
      {row.extends.length > 0 ? (
        <Part title={t("restrictions.scope.affiliates")}>
          {t("restrictions.scope.affiliates.of", {
            lists: row.extends.map((each) => word("instrument", each)).join(", "),
          })}
        </Part>
      ) : null}
      {classes !== "" ? <Part title={t("restrictions.scope.classes")}>{classes}</Part> : null}
    </div>
  );
}
