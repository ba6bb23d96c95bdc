import { Link } from "@tanstack/react-router";
import { FileText } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/button";
import type { Overview, Tier } from "@/ipc";
import { useContext } from "@/lib/context";
import { T, useT } from "@/lib/i18n";
import { useWriteReport } from "@/lib/use-report";

const ATTENTION = "prohibited,required,restricted,advisory";

function to(search: Record<string, string>, tier: Tier) {
  return (chunks: ReactNode[]) => (
    <Link to="/findings" search={search} data-tier={tier} className="border-tier-e border-b-2 hover:text-tier-t">
      {chunks}
    </Link>
  );
}

/** The worst tier that needs attention: the colour under the first number. */
function worst(overview: Overview): Tier {
  return overview.tiers.find((t) => t.findings > 0)?.tier ?? "none";
}

/** The one sentence. */
export function Headline({ overview }: { overview: Overview }) {
  const t = useT();
  const { profiles } = useContext();
  const report = useWriteReport();
  const { attention_products, attention_machines, undetermined_products, others_only_products, machines } = overview;
  const hostname = machines === 1 ? (overview.by_machine[0]?.hostname ?? overview.coverage[0]?.hostname) : undefined;
  const attention = to({ tier: ATTENTION }, worst(overview));
  const open = to({ tier: "undetermined" }, "undetermined");
  const others = to({ others: "true" }, "none");
  const values = {
    products: attention_products,
    machines: attention_machines,
    open: undetermined_products,
    others: others_only_products,
    where: hostname ?? "",
    a: attention,
    u: open,
    o: others,
  };

  let sentence: ReactNode;
  if (profiles.length === 0 && attention_products === 0) {
    sentence =
      others_only_products > 0 ? (
        <T id="overview.say.nobody" {...values} />
      ) : (
        <T id="overview.say.nobodyNothing" {...values} />
      );
  } else if (attention_products > 0) {
    if (hostname)
      sentence = <T id={undetermined_products > 0 ? "overview.say.one.open" : "overview.say.one"} {...values} />;
    else sentence = <T id={undetermined_products > 0 ? "overview.say.many.open" : "overview.say.many"} {...values} />;
  } else if (undetermined_products > 0) sentence = <T id="overview.say.open" {...values} />;
  else sentence = <T id="overview.say.nothing" {...values} />;

  const top = overview.by_vendor[0];
  return (
    <div className="flex items-start gap-6 max-md:flex-col max-md:gap-3">
      <div className="min-w-0 flex-1">
        <h1 className="text-balance font-semibold text-say tracking-say">{sentence}</h1>
        <p className="mt-2 text-ink-2">
          {hostname
            ? t("overview.sub.one", {
                installations: overview.installations,
                titles: overview.titles,
                identified: overview.identified_products,
              })
            : t("overview.sub.many", { machines, installations: overview.installations, titles: overview.titles })}{" "}
          {top && machines > 1 ? (
            <T
              id="overview.sub.vendor"
              vendor={top.name}
              machines={top.machines}
              a={(chunks: ReactNode[]) => (
                <Link to="/findings" search={{ vendor: top.vendor }} className="lk">
                  {chunks}
                </Link>
              )}
            />
          ) : null}
        </p>
      </div>
      <Button onClick={() => report.mutate()} disabled={report.isPending} data-print="hide">
        <FileText size={14} aria-hidden="true" />
        {t("overview.report")}
      </Button>
    </div>
  );
}
