import { useMutation } from "@tanstack/react-query";
import { Equal, EqualNot } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { Button, Dialog, ErrorNotice, Instant } from "@/components";
import { backend, type ImportDetail, type JoinChoice, type JoinEffect, type JoinReview, type JoinSide } from "@/ipc";
import { cx } from "@/lib/cx";
import { type MessageId, useNumber, useT } from "@/lib/i18n";
import { SELECT } from "./mapping-editor";
import { Part } from "./plain-table";
import { useDecide } from "./queries";

const keyOf = (review: JoinReview) => `${review.told}\n${review.id}`;

/** What was decided about a device: that it is one of its machines, or that it is none of them. */
function decisionOf(review: JoinReview): "same" | "not-same" | null {
  if (review.candidates.some((each) => each.decision === "same")) return "same";
  return !review.open && review.candidates.length > 0 ? "not-same" : null;
}

/** Devices that may be another machine than they were taken for, each with what was decided and a way to look at it. */
export function Reviews({ detail }: { detail: ImportDetail }) {
  const t = useT();
  const [shown, setShown] = useState<string | null>(null);
  const { reviews, reviews_total: total } = detail;
  // What is shown may have become another machine's: then there is nothing to look at any more.
  const review = reviews.find((each) => keyOf(each) === shown);
  if (reviews.length === 0) return null;
  const open = reviews.filter((each) => each.open).length;
  const parts = [t("imports.review.count", { open })];
  if (reviews.length < total) parts.push(t("imports.review.first", { shown: reviews.length, count: total }));
  const showNext = (done: JoinReview) => {
    const next = reviews.find((each) => each.open && keyOf(each) !== keyOf(done));
    setShown(next ? keyOf(next) : null);
  };
  return (
    <Part title={t("imports.review")} aside={parts.join(", ")}>
      <p className="mb-2 max-w-200 text-cap text-ink-2">{t("imports.review.text")}</p>
      <ul aria-label={t("imports.review")} className="max-h-80 overflow-y-auto text-cap">
        {reviews.map((each) => (
          <Line key={keyOf(each)} review={each} onCompare={() => setShown(keyOf(each))} />
        ))}
      </ul>
      {review ? (
        <Comparison
          key={keyOf(review)}
          detail={detail}
          review={review}
          onClose={() => setShown(null)}
          onDone={() => showNext(review)}
        />
      ) : null}
    </Part>
  );
}

function Line({ review, onCompare }: { review: JoinReview; onCompare: () => void }) {
  const t = useT();
  const [first] = review.candidates;
  const decision = decisionOf(review);
  const machine = first?.side.hostname ?? review.told;
  const how =
    review.rule === "hostname"
      ? t("imports.review.hostname", { machine })
      : first?.side.id === review.id
        ? t("imports.review.joined", { machine })
        : t("imports.review.namesake", { count: review.candidates.length });
  return (
    <li className="flex min-h-row items-center gap-3 border-line border-t first:border-t-0">
      <span className="w-44 flex-none truncate font-mono text-code text-ink max-md:w-28" title={review.told}>
        {review.told}
      </span>
      <span className="min-w-0 flex-1 truncate text-ink-2" title={how}>
        {how}
      </span>
      {decision ? <span className="flex-none text-ink-3">{t(`imports.review.state.${decision}`)}</span> : null}
      {first ? (
        <Button
          size="sm"
          variant={decision ? "ghost" : "plain"}
          onClick={onCompare}
          aria-label={t("imports.review.compareOne", { device: review.told })}
        >
          {decision ? t("imports.review.change") : t("imports.review.compare")}
        </Button>
      ) : null}
    </li>
  );
}

type Field = { id: string; values: (side: JoinSide) => readonly string[]; code?: boolean };

/** What has to agree, or not, for two to be one. */
const FIELDS: readonly Field[] = [
  { id: "hostname", values: (side) => [side.hostname], code: true },
  { id: "full-names", values: (side) => side.full_names, code: true },
  // Read more easily in one case.
  { id: "uuids", values: (side) => side.uuids.map((uuid) => uuid.toLowerCase()), code: true },
  { id: "serials", values: (side) => side.serials, code: true },
  { id: "os", values: (side) => (side.os ? [side.os] : []) },
];

/** Whether two sides say the same; nothing where one of them does not say. */
function agrees(left: readonly string[], right: readonly string[]): boolean | null {
  if (left.length === 0 || right.length === 0) return null;
  const known = new Set(right.map((value) => value.toLowerCase()));
  return left.some((value) => known.has(value.toLowerCase()));
}

/** One device beside one machine, and what a person makes of it. */
function Comparison({
  detail,
  review,
  onClose,
  onDone,
}: {
  detail: ImportDetail;
  review: JoinReview;
  onClose: () => void;
  onDone: () => void;
}) {
  const t = useT();
  const same = review.candidates.findIndex((each) => each.decision === "same");
  const undecided = review.candidates.findIndex((each) => each.decision === null);
  const [place, setPlace] = useState(Math.max(0, same >= 0 ? same : undecided));
  const candidate = review.candidates[place];
  const was = (candidate?.decision ?? null) as JoinChoice | null;
  const [choice, setChoice] = useState<JoinChoice | null>(was);
  const decide = useDecide();
  const machine = candidate?.side.id ?? "";
  const joins = machine !== review.id;
  const request = { number: detail.row.number, told: review.told, machine };
  // Asked when it is chosen and not as a query: once it is done there is nothing left to ask about.
  const would = useMutation({
    mutationFn: () => backend.call("import_decide", { ...request, choice: "same", trial: true }),
  });
  if (!candidate) return null;
  const choose = (value: JoinChoice) => {
    setChoice(value);
    if (value === "same" && joins) would.mutate();
  };
  const compareWith = (index: number) => {
    setPlace(index);
    setChoice((review.candidates[index]?.decision ?? null) as JoinChoice | null);
    would.reset();
  };
  const names = {
    format: detail.row.format_title,
    device: review.told,
    machine: candidate.side.hostname,
  };
  const isReady = choice !== null && choice !== was && !(joins && choice === "same" && !would.data);
  const run = async (event: FormEvent) => {
    event.preventDefault();
    if (!isReady || choice === null) return;
    try {
      await decide.mutateAsync({ request: { ...request, choice, trial: false }, ...names });
      onDone();
    } catch {
      // Said in a message; the dialog stays.
    }
  };
  return (
    <Dialog
      open={true}
      onClose={onClose}
      label={t("imports.review.dialog")}
      title={t("imports.review.dialog")}
      className="w-200 max-w-[calc(100vw-32px)]"
    >
      <form onSubmit={(event) => void run(event)}>
        <div className="max-h-[calc(100vh-180px)] overflow-y-auto px-5 py-4">
          {review.candidates.length > 1 ? (
            <label className="mb-3 flex items-center gap-2 text-cap text-ink-2">
              {t("imports.review.with")}
              <select className={SELECT} value={place} onChange={(event) => compareWith(Number(event.target.value))}>
                {review.candidates.map((each, index) => (
                  <option key={each.side.id} value={index}>
                    {[each.side.hostname, each.side.serials[0] ?? each.side.uuids[0], each.side.told_by.join(", ")]
                      .filter(Boolean)
                      .join(" · ")}
                  </option>
                ))}
              </select>
            </label>
          ) : null}
          <Sides device={review.device} machine={candidate.side} isBefore={review.rule === "hostname"} />
          <fieldset className="mt-4">
            <legend className="mb-1 font-semibold">{t("imports.review.choices")}</legend>
            <Choice value="same" chosen={choice} onChoose={choose} title={t("imports.review.same")} autoFocus>
              {joins ? (
                <Joins names={names} effect={would.data?.joined ?? null} isAsked={choice === "same"} />
              ) : (
                t("imports.review.same.keeps", names)
              )}
            </Choice>
            {joins ? (
              <Choice value="same-later" chosen={choice} onChoose={choose} title={t("imports.review.later")}>
                {t("imports.review.later.means", names)}
              </Choice>
            ) : null}
            <Choice value="not-same" chosen={choice} onChoose={choose} title={t("imports.review.different")}>
              {t(joins ? "imports.review.different.apart" : "imports.review.different.joined", names)}
            </Choice>
            {was ? (
              <Choice value="open" chosen={choice} onChoose={choose} title={t("imports.review.open")}>
                {t("imports.review.open.means")}
              </Choice>
            ) : null}
          </fieldset>
          {would.isError && choice === "same" ? (
            <ErrorNotice error={would.error} title={t("imports.review.refused")} className="mt-3" />
          ) : null}
        </div>
        <div className="flex justify-end gap-2 border-line border-t px-5 py-3">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={!isReady || decide.isPending}>
            {t(`imports.review.do.${choice === "same" && joins ? "join" : (choice ?? "same-later")}`)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What both sides know, side by side, with what agrees and what does not. */
function Sides({ device, machine, isBefore }: { device: JoinSide; machine: JoinSide; isBefore: boolean }) {
  const t = useT();
  const number = useNumber();
  const rows: Array<{ id: string; device: ReactNode; machine: ReactNode; agrees: boolean | null; code?: boolean }> = [
    ...FIELDS.filter(({ values }) => values(device).length + values(machine).length > 0).map(
      ({ id, values, code }) => ({
        id,
        device: <Values of={values(device)} />,
        machine: <Values of={values(machine)} />,
        agrees: agrees(values(device), values(machine)),
        ...(code ? { code } : {}),
      }),
    ),
    ...(device.tool_ids.length + machine.tool_ids.length > 0
      ? [
          {
            id: "tool-ids",
            device: <Values of={device.tool_ids} />,
            machine: <Values of={machine.tool_ids} />,
            agrees: null,
            code: true,
          },
        ]
      : []),
    {
      id: "last-seen",
      device: device.last_seen ? <Instant iso={device.last_seen} /> : <Values of={[]} />,
      machine: machine.last_seen ? <Instant iso={machine.last_seen} /> : <Values of={[]} />,
      agrees: null,
    },
    {
      id: "installations",
      device: number(device.installations),
      machine: number(machine.installations),
      agrees: null,
    },
    { id: "told-by", device: <Values of={device.told_by} />, machine: <Values of={machine.told_by} />, agrees: null },
  ];
  const head = "h-7 border-line-2 border-b px-2 text-left font-medium text-ink-2";
  return (
    <table className="w-full table-fixed border-separate border-spacing-0 text-cap">
      <caption className="sr-only">{t("imports.review.dialog")}</caption>
      <colgroup>
        <col className="w-28" />
        <col />
        <col />
        <col className="w-24" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col" className={cx(head, "pl-0")}>
            {t("imports.review.field")}
          </th>
          <th scope="col" className={head}>
            {t("imports.review.device")}
          </th>
          <th scope="col" className={head}>
            {t(isBefore ? "imports.review.before" : "imports.review.machine")}
          </th>
          <td className={head} />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row" className="border-line border-b py-1 pr-2 text-left align-top font-normal text-ink-3">
              {t(`imports.review.field.${row.id}` as MessageId)}
            </th>
            {[row.device, row.machine].map((value, index) => (
              <td
                // biome-ignore lint/suspicious/noArrayIndexKey: two sides, always these
                key={index}
                className={cx(
                  "break-words border-line border-b px-2 py-1 align-top text-ink",
                  row.code && "font-mono text-code",
                )}
              >
                {value}
              </td>
            ))}
            <td className="border-line border-b py-1 align-top">
              {row.agrees === null ? null : <Agreement isEqual={row.agrees} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Values({ of }: { of: readonly string[] }) {
  if (of.length === 0) return <span className="text-ink-3">–</span>;
  return of.map((value) => (
    <span key={value} className="block">
      {value}
    </span>
  ));
}

function Agreement({ isEqual }: { isEqual: boolean }) {
  const t = useT();
  const Icon = isEqual ? Equal : EqualNot;
  return (
    <span data-tier={isEqual ? "none" : "restricted"} className="inline-flex items-center gap-1.5 text-tier-t">
      <Icon size={12} aria-hidden="true" />
      {t(isEqual ? "imports.review.equal" : "imports.review.unequal")}
    </span>
  );
}

/** What becoming one would do, in words. */
function Joins({
  names,
  effect,
  isAsked,
}: {
  names: { format: string; device: string; machine: string };
  effect: JoinEffect | null;
  isAsked: boolean;
}) {
  const t = useT();
  const said = [t("imports.review.same.joins")];
  if (effect) {
    const { scans, installations, past_installations: past, united, closed, sealed } = effect;
    said.push(
      t("imports.review.same.moved", { ...names, scans, installations, past, tellers: effect.told_by.join(", ") }),
    );
    if (united > 0) said.push(t("imports.review.same.united", { count: united }));
    if (closed > 0) said.push(t("imports.review.same.closed", { count: closed }));
    if (sealed.length > 0) {
      said.push(t("imports.review.same.sealed", { count: sealed.length, numbers: sealed.join(", ") }));
    }
  } else if (isAsked) {
    said.push(t("imports.review.working"));
  }
  return (
    <>
      {said.join(" ")} <span className="font-medium text-ink">{t("imports.review.same.final")}</span>
    </>
  );
}

/** One answer: its name, and under it what it does. */
function Choice({
  value,
  chosen,
  onChoose,
  title,
  autoFocus,
  children,
}: {
  value: JoinChoice;
  chosen: JoinChoice | null;
  onChoose: (value: JoinChoice) => void;
  title: string;
  autoFocus?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <div className="flex gap-2.5 border-line border-t py-2 first-of-type:border-t-0">
      <input
        type="radio"
        id={id}
        name="choice"
        value={value}
        checked={chosen === value}
        onChange={() => onChoose(value)}
        aria-describedby={`${id}-means`}
        {...(autoFocus ? { "data-autofocus": "" } : {})}
        className="mt-0.75 size-3.5 flex-none appearance-none rounded-full border border-ink-3 bg-surface checked:border-4 checked:border-accent dark:bg-raised"
      />
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium">
          {title}
        </label>
        <p id={`${id}-means`} className="text-cap text-ink-2">
          {children}
        </p>
      </div>
    </div>
  );
}
