import { Check } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useIntl } from "react-intl";
import { countryName } from "@/components/country";
import type { ProfileInfo } from "@/ipc";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";
import { type Derived, deriveProfiles, isCommon, isState, jurisdictions, ROLES, type Role } from "@/lib/profiles";

export interface Answers {
  places: string[];
  roles: Role[];
  /** "I am not sure": answered, and treated as a private organisation. */
  unsure: boolean;
  picked: string[];
}

export const NO_ANSWERS: Answers = { places: [], roles: [], unsure: false, picked: [] };

export function answered(answers: Answers, known: readonly ProfileInfo[]): Derived {
  return deriveProfiles(known, answers.places, answers.roles, answers.picked);
}

function Option({
  on,
  quiet = false,
  onClick,
  children,
}: {
  on: boolean;
  quiet?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onClick}
      className={cx(
        "inline-flex h-7 items-center gap-1.5 whitespace-nowrap rounded-pill border px-2.5 transition-colors",
        on
          ? "border-accent bg-accent-tint font-medium text-accent-text"
          : quiet
            ? "border-line-2 border-dashed text-ink-3 hover:text-ink"
            : "border-line-2 bg-surface font-medium text-ink-2 hover:bg-hover hover:text-ink",
      )}
    >
      {on ? <Check size={12} strokeWidth={2.1} aria-hidden="true" /> : null}
      {children}
    </button>
  );
}

function Question({
  title,
  more,
  children,
  compact,
}: {
  title: string;
  more: string;
  children: ReactNode;
  compact: boolean;
}) {
  const id = useId();
  return (
    <div
      role="group"
      aria-labelledby={id}
      className={cx(
        "grid border-line border-b",
        compact
          ? "gap-2 py-3 md:grid-cols-[208px_minmax(0,1fr)] md:gap-5"
          : "gap-3 py-4 md:grid-cols-[224px_minmax(0,1fr)] md:gap-6",
      )}
    >
      <div>
        <div id={id} className="font-semibold">
          {title}
        </div>
        <div className="mt-0.5 text-cap text-ink-3">{more}</div>
      </div>
      <div className="flex flex-wrap content-start gap-2">{children}</div>
    </div>
  );
}

function toggled<V>(list: readonly V[], value: V): V[] {
  return list.includes(value) ? list.filter((other) => other !== value) : [...list, value];
}

/** Two plain questions; a third only where the catalogue knows several such bodies. */
export function Questions({
  known,
  answers,
  onChange,
  compact = false,
}: {
  known: readonly ProfileInfo[];
  answers: Answers;
  onChange: (answers: Answers) => void;
  compact?: boolean;
}) {
  const t = useT();
  const { locale } = useIntl();
  const [all, setAll] = useState(false);
  const places = jurisdictions(known);
  const shown = places.filter((code) => all || isCommon(code) || answers.places.includes(code));
  const { choices, unmatched } = answered(answers, known);
  return (
    <div className="border-line-2 border-t">
      <Question title={t("first.q1")} more={t("first.q1More")} compact={compact}>
        {shown.map((code) => (
          <Option
            key={code}
            on={answers.places.includes(code)}
            onClick={() => onChange({ ...answers, places: toggled(answers.places, code) })}
          >
            {countryName(code, locale)}
          </Option>
        ))}
        {places.length > shown.length || all ? (
          <button
            type="button"
            aria-expanded={all}
            onClick={() => setAll(!all)}
            className="inline-flex h-7 items-center whitespace-nowrap rounded-pill border border-line-2 border-dashed px-2.5 text-ink-3 hover:text-ink"
          >
            {all ? t("first.fewer") : t("first.else")}
          </button>
        ) : null}
      </Question>
      <Question title={t("first.q2")} more={t("first.q2More")} compact={compact}>
        {ROLES.map((role) => (
          <Option
            key={role}
            on={answers.roles.includes(role)}
            onClick={() => onChange({ ...answers, unsure: false, roles: toggled(answers.roles, role) })}
          >
            {t(`first.${role}`)}
          </Option>
        ))}
        <Option quiet on={answers.unsure} onClick={() => onChange({ ...answers, unsure: !answers.unsure, roles: [] })}>
          {t("first.unsure")}
        </Option>
      </Question>
      {choices.map((choice) => {
        const states = choice.options.filter(isState);
        const pick = (id: string) => onChange({ ...answers, picked: toggled(answers.picked, id) });
        return (
          <Question
            key={choice.key}
            title={t("first.q3")}
            more={countryName(choice.jurisdiction, locale)}
            compact={compact}
          >
            {choice.options
              .filter((option) => !isState(option) || answers.picked.includes(option.id))
              .map((option) => (
                <Option key={option.id} on={answers.picked.includes(option.id)} onClick={() => pick(option.id)}>
                  {option.title}
                </Option>
              ))}
            {states.length > 0 ? (
              <select
                aria-label={t("first.state")}
                value=""
                onChange={(event) => event.target.value && pick(event.target.value)}
                className="h-7 max-w-60 rounded-pill border border-line-2 border-dashed bg-canvas px-2.5 text-ink-3"
              >
                <option value="">{t("first.state")}</option>
                {states.map((state) => (
                  <option key={state.id} value={state.id}>
                    {state.title}
                  </option>
                ))}
              </select>
            ) : null}
          </Question>
        );
      })}
      {unmatched.length > 0 ? (
        <p className="pt-3 text-cap text-ink-3">
          {unmatched.map((code) => countryName(code, locale)).join(", ")}: {t("first.profileNoMatch")}
        </p>
      ) : null}
    </div>
  );
}
