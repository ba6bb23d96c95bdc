import { useState } from "react";
import { Button } from "@/components/button";
import { answered, NO_ANSWERS, Questions } from "@/features/first-run/questions";
import { useT } from "@/lib/i18n";
import { useStatus } from "@/lib/queries";
import { useToggleProfile } from "@/lib/use-profiles";

/** Nobody in particular asks: nothing binds nobody. One answer is enough to see what binds us. */
export function AskWho() {
  const t = useT();
  const known = useStatus().data?.profiles ?? [];
  const [answers, setAnswers] = useState(NO_ANSWERS);
  const { set } = useToggleProfile();
  const { profiles } = answered(answers, known);
  return (
    <section aria-label={t("overview.ask")} className="mt-5">
      <Questions compact known={known} answers={answers} onChange={setAnswers} />
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <Button variant="primary" disabled={profiles.length === 0} onClick={() => set(profiles)}>
          {t("overview.ask.apply")}
        </Button>
        <span className="text-cap text-ink-3">
          {profiles.length > 0 ? profiles.join(", ") : t("overview.ask.hint")}
        </span>
      </div>
    </section>
  );
}
