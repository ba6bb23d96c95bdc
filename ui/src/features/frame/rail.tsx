import { Link } from "@tanstack/react-router";
import {
  Building2,
  LayoutDashboard,
  Monitor,
  Package,
  PanelLeftClose,
  PanelLeftOpen,
  Scale,
  Settings,
  ShieldAlert,
} from "lucide-react";
import type { ComponentType } from "react";
import type { AppStatus } from "@/ipc";
import { cx } from "@/lib/cx";
import { type MessageId, useNumber, useT } from "@/lib/i18n";
import { useOverview } from "@/lib/queries";
import { Mark } from "./brand";

interface Item {
  to: "/overview" | "/findings" | "/machines" | "/software" | "/vendors" | "/restrictions" | "/settings";
  label: MessageId;
  icon: ComponentType<{ size?: number; "aria-hidden"?: boolean }>;
  count?: number | undefined;
}

const ATTENTION = new Set(["prohibited", "required", "restricted", "advisory"]);

/** The screens, with what waits in them. Only screens that exist. */
export function Rail({
  status,
  narrow,
  onToggle,
  fixed,
}: {
  status: AppStatus;
  narrow: boolean;
  onToggle: () => void;
  fixed: boolean;
}) {
  const t = useT();
  const number = useNumber();
  const overview = useOverview().data;
  const attention = overview?.tiers.filter((t) => ATTENTION.has(t.tier)).reduce((sum, t) => sum + t.findings, 0);
  const main: Item[] = [
    { to: "/overview", label: "nav.overview", icon: LayoutDashboard },
    { to: "/findings", label: "nav.findings", icon: ShieldAlert, count: attention },
    { to: "/machines", label: "nav.fleet", icon: Monitor, count: status.database.machines },
    { to: "/software", label: "nav.software", icon: Package, count: status.database.titles },
    { to: "/vendors", label: "nav.vendors", icon: Building2, count: status.catalogue.vendors },
    { to: "/restrictions", label: "nav.restrictions", icon: Scale, count: status.catalogue.restrictions },
  ];
  const { machines, installations } = status.database;

  const link = (item: Item) => {
    const Icon = item.icon;
    const text = t(item.label);
    return (
      <Link
        key={item.to}
        to={item.to}
        aria-label={item.count === undefined ? text : `${text} ${number(item.count)}`}
        title={narrow ? text : undefined}
        className={cx(
          "flex h-7.5 flex-none items-center gap-2.5 rounded-md font-medium",
          narrow ? "justify-center" : "px-2",
        )}
        inactiveProps={{ className: "text-ink-2 hover:bg-hover [&_svg]:text-ink-3" }}
        activeProps={{ className: "bg-surface text-ink shadow-line dark:bg-raised" }}
        activeOptions={{ exact: false, includeSearch: false }}
      >
        <Icon size={16} aria-hidden />
        {narrow ? null : (
          <>
            <span className="min-w-0 truncate">{text}</span>
            {item.count !== undefined && item.count > 0 ? (
              <span className="ml-auto font-medium text-ink-3 text-micro tabular-nums">{number(item.count)}</span>
            ) : null}
          </>
        )}
      </Link>
    );
  };

  const label = narrow ? t("nav.expand") : t("nav.collapse");
  return (
    <nav
      aria-label={t("nav.main")}
      data-print="hide"
      className={cx(
        "row-span-2 flex min-h-0 flex-col overflow-y-auto border-line border-r bg-sunk pb-2",
        narrow ? "px-1.5" : "px-2",
      )}
    >
      <div
        className={cx(
          "flex h-bar flex-none items-center gap-2 font-semibold text-lead tracking-page",
          narrow ? "justify-center" : "px-2",
        )}
      >
        <Mark />
        {narrow ? <span className="sr-only">Interdict</span> : "Interdict"}
      </div>
      <div className="flex flex-col gap-px">
        {main.map(link)}
        <hr className="m-2 border-line" />
        {link({ to: "/settings", label: "nav.settings", icon: Settings })}
      </div>
      <div className="mt-auto flex flex-col gap-2 pt-4">
        {narrow || machines === 0 ? null : (
          <div className="flex flex-col border-line border-t px-2 pt-2">
            <span className="font-medium">{t("nav.machines", { count: machines })}</span>
            <span className="text-cap text-ink-3">{t("nav.installations", { count: installations })}</span>
          </div>
        )}
        {fixed ? null : (
          <button
            type="button"
            aria-label={label}
            aria-expanded={!narrow}
            title={label}
            onClick={onToggle}
            className={cx(
              "flex h-7 items-center rounded-md text-ink-3 hover:bg-hover hover:text-ink",
              narrow ? "justify-center" : "w-8 justify-center",
            )}
          >
            {narrow ? <PanelLeftOpen size={16} aria-hidden /> : <PanelLeftClose size={16} aria-hidden />}
          </button>
        )}
      </div>
    </nav>
  );
}
