import { Check } from "lucide-react";
import { type ReactNode, useState } from "react";
import { cx } from "@/lib/cx";
import { useNumber, useT } from "@/lib/i18n";
import { textMatches } from "./findings-filters";

export interface Option<V extends string> {
  value: V;
  label: ReactNode;
  /** What the finder looks at. */
  text: string;
  count?: number;
}

/** A list to choose from inside a popover: several with check boxes, or one. Long lists get a finder. */
export function OptionList<V extends string>({
  label,
  options,
  chosen,
  onToggle,
  single = false,
}: {
  label: string;
  options: readonly Option<V>[];
  chosen: readonly V[];
  onToggle: (value: V) => void;
  single?: boolean;
}) {
  const t = useT();
  const number = useNumber();
  const [find, setFind] = useState("");
  const shown = find === "" ? options : options.filter((option) => textMatches(find, [option.text]));
  return (
    <div className="flex w-64 flex-col" data-own-keys="">
      {options.length > 8 ? (
        <input
          type="search"
          value={find}
          onChange={(event) => setFind(event.target.value)}
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
      </fieldset>
    </div>
  );
}

/** The field that narrows by letters. */
export function TextFilter({
  value,
  label,
  onChange,
}: {
  value: string;
  label: string;
  onChange: (value: string) => void;
}) {
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
