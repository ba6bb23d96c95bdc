import { FlaskConical } from "lucide-react";
import { useT } from "@/lib/i18n";
import { useDoors } from "../first-run/use-doors";

/** Nobody may take made-up machines for their own. */
export function SampleBand() {
  const t = useT();
  const { leaveSample } = useDoors();
  return (
    <section
      aria-label={t("sample.band")}
      data-tier="advisory"
      className="col-span-full flex min-h-8 items-center gap-3 border-tier-l border-b stripes px-4 max-sm:gap-1 max-sm:px-2 text-tier-t"
    >
      <span className="inline-flex min-w-0 items-center gap-2 rounded-pill bg-tier-b px-2.5 py-0.5 font-semibold max-sm:px-1.5 max-sm:text-cap">
        <FlaskConical size={14} aria-hidden="true" className="max-sm:hidden" />
        {t("sample.band")}
      </span>
      <span className="rounded-pill bg-tier-b px-2.5 py-0.5 text-cap max-md:hidden">{t("sample.bandMore")}</span>
      <span className="flex-1" />
      <button
        type="button"
        data-print="hide"
        onClick={() => void leaveSample()}
        className="h-6 whitespace-nowrap rounded-md border border-tier-t bg-tier-b px-2.5 font-semibold text-cap hover:underline"
      >
        {t("sample.leave")}
      </button>
    </section>
  );
}
