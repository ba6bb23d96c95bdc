import { ArrowDown, ArrowUp, Columns3 } from "lucide-react";
import { useT } from "@/lib/i18n";
import { DENSITIES, type Density } from "@/lib/use-table-view";
import { Button } from "./button";
import { Segmented } from "./chip";
import { Popover } from "./popover";

interface Named {
  id: string;
  header: string;
  fixed?: boolean;
}

/** Which columns are shown, in which order, and how dense the rows stand. */
export function TableTools({
  view,
}: {
  view: {
    shown: readonly Named[];
    hidden: readonly Named[];
    setShown: (ids: readonly string[]) => void;
    reset: (() => void) | undefined;
    density: Density;
    setDensity: (density: Density) => void;
  };
}) {
  const t = useT();
  const ids = view.shown.map((column) => column.id);
  const move = (id: string, by: number) => {
    const at = ids.indexOf(id);
    const next = ids.filter((each) => each !== id);
    next.splice(at + by, 0, id);
    view.setShown(next);
  };
  const row = (column: Named, on: boolean, place: number) => (
    <li key={column.id} className="flex h-7 items-center gap-1 rounded-md pr-1 pl-2 hover:bg-hover">
      <label className="flex min-w-0 flex-1 items-center gap-2">
        <input
          type="checkbox"
          checked={on}
          disabled={column.fixed && on}
          onChange={() => view.setShown(on ? ids.filter((id) => id !== column.id) : [...ids, column.id])}
          className="size-3.5 flex-none accent-accent"
        />
        <span className="truncate">{column.header}</span>
      </label>
      {on ? (
        <>
          <Button
            variant="ghost"
            size="sm"
            icon
            aria-label={t("table.columns.up", { name: column.header })}
            disabled={place === 0}
            onClick={() => move(column.id, -1)}
          >
            <ArrowUp size={12} aria-hidden="true" />
          </Button>
          <Button
            variant="ghost"
            size="sm"
            icon
            aria-label={t("table.columns.down", { name: column.header })}
            disabled={place === ids.length - 1}
            onClick={() => move(column.id, 1)}
          >
            <ArrowDown size={12} aria-hidden="true" />
          </Button>
        </>
      ) : null}
    </li>
  );
  return (
    <Popover
      label={t("table.view")}
      align="end"
      trigger={
        <Button data-print="hide">
          <Columns3 size={14} aria-hidden="true" />
          {t("table.view")}
        </Button>
      }
    >
      <div className="w-72 p-3" data-own-keys="">
        <p className="mb-1 font-semibold text-cap text-ink-3">{t("table.density")}</p>
        <Segmented
          label={t("table.density")}
          value={view.density}
          options={DENSITIES.map((density) => ({ value: density, label: t(`table.density.${density}`) }))}
          onChange={view.setDensity}
        />
        <p className="mt-3 mb-1 font-semibold text-cap text-ink-3">{t("table.columns")}</p>
        <ul className="-mx-2">
          {view.shown.map((column, place) => row(column, true, place))}
          {view.hidden.map((column) => row(column, false, -1))}
        </ul>
        {view.reset ? (
          <Button variant="ghost" size="sm" className="-ml-2 mt-2" onClick={view.reset}>
            {t("table.columns.reset")}
          </Button>
        ) : null}
      </div>
    </Popover>
  );
}
