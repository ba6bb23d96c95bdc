import { Navigate, useNavigate } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/button";
import { ErrorNotice } from "@/components/error-notice";
import type { AppStatus, BackendError } from "@/ipc";
import { useTitle } from "@/lib/hooks";
import { useT } from "@/lib/i18n";
import { useSaveSettings, useStatus } from "@/lib/queries";
import { AuditProgress } from "../audit/audit-progress";
import { isRunning, useAudit } from "../audit/audit-store";
import { Mark } from "../frame/brand";
import { isFirstRun } from "../frame/frame";
import { type DoorName, Doors } from "./doors";
import { answered, NO_ANSWERS, Questions } from "./questions";
import { FORGET, useDoors } from "./use-doors";

/** `/`: the doors on a first start, else the overview. */
export function StartScreen() {
  const status = useStatus().data;
  // Decided once on arrival: while a door opens, the data changes under this screen.
  const [first] = useState(() => status !== undefined && isFirstRun(status));
  if (!status) return null;
  if (!first) return <Navigate to="/overview" replace />;
  return <FirstRun status={status} />;
}

function FirstRun({ status }: { status: AppStatus }) {
  const t = useT();
  const navigate = useNavigate();
  const doors = useDoors();
  const save = useSaveSettings();
  const audit = useAudit();
  const [answers, setAnswers] = useState(NO_ANSWERS);
  const [skipped, setSkipped] = useState(status.settings.profiles?.length === 0);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<BackendError | Error | null>(null);
  useTitle(t("start.title"));

  const derived = answered(answers, status.profiles);
  const kept = status.settings.profiles ?? [];
  const profiles = skipped ? [] : derived.profiles.length > 0 ? derived.profiles : kept;

  const choose = async (door: DoorName) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      // Untouched questions count as skipped: the Overview asks again.
      await save.mutateAsync({ profiles });
      // An export is looked at first, on a screen of its own.
      if (door === "open") await doors.openExport();
      else if (door === "audit" ? await doors.audit() : await doors.openSample())
        await navigate({ to: "/overview", search: FORGET });
    } catch (thrown) {
      setError(thrown instanceof Error ? thrown : new Error(String(thrown)));
    } finally {
      setBusy(false);
    }
  };

  const latest = useRef(choose);
  latest.current = choose;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      if (event.target instanceof HTMLElement && event.target.closest("input, textarea, select")) return;
      const door = ({ "1": "audit", "2": "open", "3": "sample" } as const)[event.key];
      if (door) void latest.current(door);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  return (
    <>
      <header className="flex h-bar items-center gap-2 px-6 font-semibold text-lead tracking-page">
        <Mark />
        Interdict
      </header>
      <main id="main" tabIndex={-1} className="min-h-0 overflow-y-auto px-6 pb-8 outline-none">
        <div className="mx-auto max-w-240 pt-[clamp(16px,7vh,72px)]">
          <h1 className="max-w-180 font-semibold text-say tracking-say">{t("first.say")}</h1>
          <p className="mt-3 max-w-190 text-ink-2 text-lead">{t("first.lead")}</p>
          {error ? <ErrorNotice error={error} title={t("first.error")} className="mt-6" /> : null}
          {isRunning(audit) ? (
            <AuditProgress audit={audit} className="mt-8" />
          ) : (
            <>
              <div className="mt-8">
                <Doors busy={busy} onChoose={(door) => void choose(door)} />
              </div>
              {skipped ? (
                <div className="mt-8 flex items-center gap-3 border-line-2 border-t pt-4 text-ink-2">
                  {t("first.skipped")}
                  <Button variant="ghost" onClick={() => setSkipped(false)}>
                    {t("first.answer")}
                  </Button>
                </div>
              ) : (
                <div className="mt-8">
                  <Questions known={status.profiles} answers={answers} onChange={setAnswers} />
                  <div className="mt-4 flex flex-wrap items-center gap-3">
                    <span className="text-cap text-ink-3">{t("first.profile")}</span>
                    {profiles.length === 0 ? (
                      <span className="text-cap text-ink-2">{t("first.profileNone")}</span>
                    ) : null}
                    {profiles.map((id) => (
                      <span
                        key={id}
                        className="inline-flex h-6 items-center rounded-pill border border-line-2 bg-surface px-2.5 font-medium text-cap"
                      >
                        {id}
                      </span>
                    ))}
                    <span className="flex-1" />
                    <Button variant="ghost" className="-mr-2.5" onClick={() => setSkipped(true)}>
                      {t("first.skip")}
                    </Button>
                  </div>
                </div>
              )}
            </>
          )}
          <ul className="mt-6 flex flex-wrap gap-x-6 gap-y-2 text-cap text-ink-3">
            {(["first.rights", "first.file"] as const).map((id) => (
              <li key={id} className="flex items-center gap-2">
                <Check size={14} aria-hidden="true" />
                {t(id)}
              </li>
            ))}
          </ul>
        </div>
      </main>
    </>
  );
}
