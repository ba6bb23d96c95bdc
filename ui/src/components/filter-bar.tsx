import { Check, ListFilter } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { cx } from "@/lib/cx";
import { useNumber, useT } from "@/lib/i18n";
import { textMatches } from "@/lib/text-match";
import { AddChip, FilterChip } from "./chip";
import { Popover } from "./popover";

export interface Option {
  value: string;
  label: ReactNode;
  /** What the finder looks at, and what the chip says once it is chosen. */
  text: string;
  /** More that the finder looks at. */
  find?: string;
  count?: number;
}

interface Common {
  id: string;
  label: string;
  /** Stands in the menu of further filters until it is set. */
  folded?: boolean;
}

export type Filter = Common &
  (
    | {
        kind: "several";
        options: readonly Option[];
        chosen: readonly string[];
        onChoose: (values: string[]) => void;
      }
    | {
        kind: "one";
        options: readonly Option[];
        chosen: string | null;
        /** What the chip says of a value that is not among the options. */
        otherwise?: string;
        /** Where the options are only the first of many: looks for those with some letters. */
        onFind?: (text: string) => void;
        /** How many more there are. */
        rest?: number;
        onChoose: (value: string | null) => void;
      }
    | { kind: "toggle"; on: boolean; onToggle: (on: boolean) => void }
  );

/** How many rows have each value. */
export function countValues<K>(keys: Iterable<K>): Map<K, number> {
  const counts = new Map<K, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function isSet(filter: Filter): boolean {
  switch (filter.kind) {
    case "several":
      return filter.chosen.length > 0;
    case "one":
      return filter.chosen !== null;
    case "toggle":
      return filter.on;
  }
}

/** The chips above a table: what is filtered by, and how to change it. One bar for every screen. */
export function FilterBar({
  text,
  filters,
  onClear,
}: {
  text: { value: string; label: string; onChange: (value: string) => void };
  filters: readonly Filter[];
  /** Present while anything is filtered. */
  onClear?: (() => void) | undefined;
}) {
  const t = useT();
  const shown = filters.filter((filter) => !filter.folded || isSet(filter));
  const folded = filters.filter((filter) => filter.folded && !isSet(filter));
  return (
    <div
      role="group"
      aria-label={t("findings.filter.label")}
      data-print="hide"
      className="flex min-h-10 flex-wrap items-center gap-2 py-2 pr-4 pl-6"
    >
      <TextFilter {...text} />
      {shown.map((filter, i) => (
        <Shown key={filter.id} filter={filter} first={i === 0} />
      ))}
      {folded.length > 0 ? <More filters={folded} /> : null}
      {onClear ? (
        <button
          type="button"
          className="h-6 rounded-sm px-1 text-cap text-ink-3 hover:text-ink"
          onClick={() => onClear()}
        >
          {t("findings.filter.clear")}
        </button>
      ) : null}
    </div>
  );
}

function Shown({ filter, first }: { filter: Filter; first: boolean }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const removeLabel = t("findings.filter.remove", { name: filter.label });
  if (filter.kind === "toggle") {
    if (filter.folded) {
      const off = () => filter.onToggle(false);
      return <FilterChip label={filter.label} onClick={off} onRemove={off} removeLabel={removeLabel} />;
    }
    return (
      <button
        type="button"
        aria-pressed={filter.on}
        onClick={() => filter.onToggle(!filter.on)}
        className={
          filter.on
            ? "h-6 whitespace-nowrap rounded-md border border-accent bg-accent-tint px-2 font-medium text-accent-text text-cap"
            : "h-6 whitespace-nowrap rounded-md border border-line-2 bg-surface px-2 text-cap text-ink-2 hover:text-ink"
        }
      >
        {filter.label}
      </button>
    );
  }
  const remove =
    filter.kind === "several"
      ? filter.chosen.length > 0 && (() => filter.onChoose([]))
      : filter.chosen !== null && (() => filter.onChoose(null));
  return (
    <Popover
      label={filter.label}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <FilterChip
          {...(first ? { icon: <ListFilter size={12} strokeWidth={2.1} aria-hidden="true" /> } : {})}
          label={filter.label}
          value={<ChipValue filter={filter} />}
          {...(remove ? { onRemove: remove, removeLabel } : {})}
        />
      }
    >
      <Choices filter={filter} {...(filter.kind === "one" ? { onDone: () => setOpen(false) } : {})} />
    </Popover>
  );
}

/** Chosen values in words; of many only how many. */
const MOST_WORDS = 2;

function ChipValue({ filter }: { filter: Exclude<Filter, { kind: "toggle" }> }) {
  const t = useT();
  const name = (value: string) => filter.options.find((option) => option.value === value)?.text ?? value;
  if (filter.kind === "one") {
    if (filter.chosen === null) return t("findings.filter.any");
    const known = filter.options.find((option) => option.value === filter.chosen)?.text;
    return (
      <span className="inline-block max-w-48 truncate align-bottom">{known ?? filter.otherwise ?? filter.chosen}</span>
    );
  }
  if (filter.chosen.length === 0) return t("findings.filter.any");
  if (filter.chosen.length > MOST_WORDS) return t("findings.filter.several", { count: filter.chosen.length });
  return filter.chosen.map(name).join(", ");
}

function Choices({ filter, onDone }: { filter: Exclude<Filter, { kind: "toggle" }>; onDone?: () => void }) {
  const toggle = (value: string) => {
    if (filter.kind === "one") filter.onChoose(value);
    else
      filter.onChoose(
        filter.options
          .map((option) => option.value)
          .filter((each) => (each === value) !== filter.chosen.includes(each)),
      );
    onDone?.();
  };
  return (
    <OptionList
      single={filter.kind === "one"}
      label={filter.label}
      options={filter.options}
      chosen={filter.kind === "one" ? (filter.chosen === null ? [] : [filter.chosen]) : filter.chosen}
      onToggle={toggle}
      {...(filter.kind === "one" && filter.onFind ? { onFind: filter.onFind, rest: filter.rest ?? 0 } : {})}
    />
  );
}

/** The menu of the filters that are not set. */
function More({ filters }: { filters: readonly Filter[] }) {
  const t = useT();
  /** Empty for the menu itself, else the filter being set. */
  const [open, setOpen] = useState<string | null>(null);
  const setting = filters.find((filter) => filter.id === open);
  return (
    <Popover
      label={t("findings.filter.add")}
      open={open !== null}
      onOpenChange={(next) => setOpen(next ? "" : null)}
      trigger={<AddChip>{t("findings.filter.add")}</AddChip>}
    >
      {setting && setting.kind !== "toggle" ? (
        <Choices filter={setting} onDone={() => setOpen(null)} />
      ) : (
        <div className="flex w-56 flex-col p-1" data-own-keys="">
          {filters.map((filter) => (
            <button
              key={filter.id}
              type="button"
              onClick={() => {
                if (filter.kind === "toggle") {
                  filter.onToggle(true);
                  setOpen(null);
                } else setOpen(filter.id);
              }}
              className="-outline-offset-2 flex h-7 items-center rounded-md px-2 text-left hover:bg-hover"
            >
              {filter.label}
            </button>
          ))}
        </div>
      )}
    </Popover>
  );
}

/** A list to choose from inside a popover: several with check boxes, or one. Long lists get a finder. */
function OptionList({
  label,
  options,
  chosen,
  onToggle,
  single = false,
  onFind,
  rest = 0,
}: {
  label: string;
  options: readonly Option[];
  chosen: readonly string[];
  onToggle: (value: string) => void;
  single?: boolean;
  /** Asks for the options with some letters; without it the finder looks through those that are there. */
  onFind?: (text: string) => void;
  rest?: number;
}) {
  const t = useT();
  const number = useNumber();
  const [find, setFind] = useState("");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the next one opens with all of them
  useEffect(() => () => onFind?.(""), []);
  const shown =
    find === "" || onFind ? options : options.filter((option) => textMatches(find, [option.text, option.find]));
  return (
    <div className="flex w-64 flex-col" data-own-keys="">
      {options.length > 8 || (onFind && find !== "") ? (
        <input
          type="search"
          value={find}
          onChange={(event) => {
            setFind(event.target.value);
            onFind?.(event.target.value);
          }}
          aria-label={t("findings.filter.find")}
          placeholder={t("findings.filter.find")}
          className="m-2 mb-0 h-7 rounded-md border border-line-2 bg-surface px-2"
        />
      ) : null}
      <fieldset className="max-h-72 overflow-y-auto p-1">
        <legend className="sr-only">{label}</legend>
        {shown.length === 0 ? <p className="px-2 py-1.5 text-cap text-ink-3">{t("findings.filter.nothing")}</p> : null}
        {shown.map((option) => {
          const on = chosen.includes(option.value);
          return (
            <label
              key={option.value}
              className="flex min-h-7 items-center gap-2 rounded-md px-2 has-focus-visible:outline-2 has-focus-visible:outline-accent hover:bg-hover"
            >
              <input
                type={single ? "radio" : "checkbox"}
                name={label}
                checked={on}
                onChange={() => onToggle(option.value)}
                className="peer sr-only"
              />
              <span
                aria-hidden="true"
                className={cx(
                  "forced-keep flex size-3.5 flex-none items-center justify-center border",
                  single ? "rounded-pill" : "rounded-sm",
                  on ? "border-accent bg-accent text-accent-ink" : "border-line-3 bg-surface",
                )}
              >
                {on ? <Check size={10} strokeWidth={3} /> : null}
              </span>
              <span className="min-w-0 flex-1 truncate">{option.label}</span>
              {option.count !== undefined ? (
                <span className="text-cap text-ink-3 tabular-nums">{number(option.count)}</span>
              ) : null}
            </label>
          );
        })}
        {rest > 0 ? (
          <p className="px-2 py-1.5 text-cap text-ink-3">{t("findings.filter.rest", { count: rest })}</p>
        ) : null}
      </fieldset>
    </div>
  );
}

/** The field that narrows by letters. */
function TextFilter({ value, label, onChange }: { value: string; label: string; onChange: (value: string) => void }) {
  return (
    <input
      type="search"
      data-search-field=""
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape" && value !== "") {
          event.stopPropagation();
          onChange("");
        }
      }}
      aria-label={label}
      placeholder={label}
      className="h-6 w-48 min-w-0 rounded-md border border-line-2 bg-surface px-2 text-cap"
    />
  );
}
