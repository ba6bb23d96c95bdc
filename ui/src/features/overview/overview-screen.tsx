import { useNavigate } from "@tanstack/react-router";
import { History as HistoryIcon, MonitorOff } from "lucide-react";
import { useIntl } from "react-intl";
import { Button } from "@/components/button";
import { EmptyState } from "@/components/empty-state";
import { ErrorNotice } from "@/components/error-notice";
import { Skeleton, SkeletonLines } from "@/components/skeleton";
import { ToldFindings } from "@/components/told-findings";
import type { Overview } from "@/ipc";
import { useContext } from "@/lib/context";
import { cx } from "@/lib/cx";
import { formatDay } from "@/lib/days";
import { useTitle } from "@/lib/hooks";
import { useT } from "@/lib/i18n";
import { useOverview, useStatus } from "@/lib/queries";
import { useDoors } from "../first-run/use-doors";
import { AskWho } from "./ask-who";
import { ByMachine, OnThisMachine } from "./by-machine";
import { ByVendor } from "./by-vendor";
import { Headline } from "./headline";
import { History, ScanStrip } from "./history";
import { Changes, Coming, NotLookedAt } from "./lists";
import { TierTiles } from "./tier-tiles";

export function OverviewScreen() {
  const t = useT();
  const overview = useOverview();
  useTitle(t("nav.overview"));
  if (overview.data)
    return overview.data.machines === 0 ? <NoMachines told={overview.data.told} /> : <Full overview={overview.data} />;
  if (overview.isError) {
    return (
      <div className="p-6">
        <h1 className="sr-only">{t("nav.overview")}</h1>
        <ErrorNotice error={overview.error} title={t("overview.failed")} onRetry={() => void overview.refetch()} />
      </div>
    );
  }
  return (
    <div className="p-6">
      <h1 className="sr-only">{t("nav.overview")}</h1>
      <Skeleton className="h-8 w-2/3" />
      <Skeleton className="mt-3 h-4 w-1/3" />
      <div className="mt-6 grid grid-cols-6 gap-4">
        {["a", "b", "c", "d", "e", "f"].map((key) => (
          <Skeleton key={key} className="h-20" />
        ))}
      </div>
      <SkeletonLines lines={8} className="mt-8" />
    </div>
  );
}

function NoMachines({ told }: Pick<Overview, "told">) {
  const t = useT();
  const navigate = useNavigate();
  const doors = useDoors();
  return (
    <>
      <ToldFindings told={told} className="border-line border-b px-6 py-2.5" />
      <EmptyState
        icon={<MonitorOff size={16} />}
        title={t("overview.empty.title")}
        actions={
          <>
            <Button variant="primary" onClick={() => void doors.audit()}>
              {t("first.audit")}
            </Button>
            <Button onClick={() => void doors.openExport()}>{t("first.open")}</Button>
            <Button variant="ghost" onClick={() => void navigate({ to: "/" })}>
              {t("overview.empty.start")}
            </Button>
          </>
        }
      >
        {t("overview.empty.text")}
      </EmptyState>
    </>
  );
}

const COLUMNS = "grid border-line border-b xl:grid-cols-[minmax(0,1fr)_304px_304px] lg:grid-cols-2";
const RULE = "lg:border-line lg:border-l lg:pl-6";

function Full({ overview }: { overview: Overview }) {
  const t = useT();
  const { locale } = useIntl();
  const { profiles, isAsOf, as_of } = useContext();
  const status = useStatus().data;
  const nobody = profiles.length === 0;
  const single = overview.machines === 1;
  const machine = overview.by_machine[0];
  const lastScan = status?.database.last_scan ?? null;
  const scans = overview.history.length;
  const changes = <Changes changes={overview.changes} scans={scans} lastScan={lastScan} className={RULE} />;
  const coming = <Coming coming={overview.coming} machines={overview.machines} className={RULE} />;

  return (
    <div className="px-6 pt-5 pb-6 max-md:px-4">
      <Headline overview={overview} />
      <ToldFindings
        told={nobody ? overview.told : overview.told.filter((each) => each.tier !== "none")}
        className="mt-3"
      />
      {isAsOf ? (
        <p className="mt-3 flex items-center gap-2 rounded-md bg-asof-tint px-3 py-1.5 font-medium text-asof-text">
          <HistoryIcon size={14} aria-hidden="true" className="flex-none" />
          {t("overview.asof", { day: formatDay(as_of, locale) })}
        </p>
      ) : null}
      {nobody ? <AskWho /> : null}
      <TierTiles overview={overview} />
      {single ? (
        <div className="grid lg:grid-cols-[minmax(0,1fr)_360px]">
          <div className="min-w-0 lg:pr-6">
            {machine ? <OnThisMachine machine={machine} /> : null}
            <NotLookedAt overview={overview} className={machine ? "border-line border-t" : ""} />
          </div>
          <div className="flex min-w-0 flex-col [&>section:last-child]:flex-1">
            <Coming coming={overview.coming} machines={1} className={RULE} />
            <ScanStrip history={overview.history} className={cx(RULE, "border-line border-t")} />
            {scans > 1 ? (
              <Changes
                changes={overview.changes}
                scans={scans}
                lastScan={lastScan}
                className={cx(RULE, "border-line border-t")}
              />
            ) : null}
          </div>
        </div>
      ) : (
        <>
          {overview.by_vendor.length > 0 ? (
            <div className={COLUMNS}>
              <ByVendor rows={overview.by_vendor} className="lg:pr-6" />
              <ByMachine
                rows={overview.by_machine}
                total={overview.machines_with_findings}
                className={cx(RULE, "xl:pr-6")}
              />
              <div className="min-w-0 max-xl:border-line max-xl:border-t lg:max-xl:col-span-2 lg:max-xl:[&>section]:border-l-0 lg:max-xl:[&>section]:pl-0 [&>section]:h-full">
                {changes}
              </div>
            </div>
          ) : null}
          <div className="grid border-line border-b lg:grid-cols-[minmax(0,1fr)_304px]">
            {scans > 1 ? (
              <History history={overview.history} className="lg:pr-6" />
            ) : (
              <ScanStrip history={overview.history} className="lg:pr-6" />
            )}
            {coming}
          </div>
          {overview.by_vendor.length === 0 && scans > 1 ? (
            <Changes changes={overview.changes} scans={scans} lastScan={lastScan} className="border-line border-b" />
          ) : null}
          <NotLookedAt overview={overview} />
        </>
      )}
    </div>
  );
}
