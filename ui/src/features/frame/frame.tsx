import { type ErrorComponentProps, Link, Outlet, useLocation } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useEffect, useState } from "react";
import { buttonClass } from "@/components/button";
import { EmptyState } from "@/components/empty-state";
import { ErrorNotice } from "@/components/error-notice";
import { Skeleton, SkeletonLines } from "@/components/skeleton";
import { Toaster } from "@/components/toast";
import type { AppStatus } from "@/ipc";
import { useContext } from "@/lib/context";
import { cx } from "@/lib/cx";
import { useMediaQuery, useStored } from "@/lib/hooks";
import { useT } from "@/lib/i18n";
import { useStatus } from "@/lib/queries";
import { AuditToasts } from "../audit/audit-toasts";
import { DropTarget, ImportToasts } from "../imports";
import { Palette } from "../palette/palette";
import { ShortcutsDialog } from "../palette/shortcuts-dialog";
import { useShortcuts } from "../palette/use-shortcuts";
import { WatchToasts } from "../settings/watch-toasts";
import { Rail } from "./rail";
import { SampleBand } from "./sample-band";
import { StatusLine } from "./status-line";
import { useTheme } from "./theme";
import { TopBar } from "./top-bar";

/** Nothing scanned, and nothing answered or nothing to show: the doors come first. */
export function isFirstRun(status: AppStatus): boolean {
  const { database, settings } = status;
  const isEmpty = database.machines === 0 && database.told === 0;
  return !database.sample && isEmpty && (settings.profiles === null || database.last_scan === null);
}

function Waiting() {
  return (
    <div className="grid h-full grid-cols-[var(--rail)_minmax(0,1fr)] grid-rows-[var(--bar)_minmax(0,1fr)]">
      <div className="row-span-2 border-line border-r bg-sunk" />
      <div className="flex items-center gap-3 border-line border-b px-6">
        <Skeleton className="h-6 w-64" />
      </div>
      <SkeletonLines lines={9} className="p-6" />
    </div>
  );
}

/** The app around every screen. */
export function Frame() {
  const status = useStatus();
  useTheme(status.data?.settings.theme);
  if (status.data) return <Ready status={status.data} />;
  if (status.isError) {
    return (
      <main className="p-12">
        <ErrorNotice error={status.error} onRetry={() => void status.refetch()} />
      </main>
    );
  }
  return <Waiting />;
}

function Ready({ status }: { status: AppStatus }) {
  const t = useT();
  const { pathname } = useLocation();
  const { isAsOf } = useContext();
  const small = useMediaQuery("(max-width: 999px)");
  const [collapsed, setCollapsed] = useStored("interdict.rail", "open");
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  useShortcuts({ onPalette: () => setPalette(true), onHelp: () => setHelp(true) });
  const narrow = small || collapsed === "closed";

  // A new screen begins at its top, and with the keyboard in it only when the old focus is gone.
  useEffect(() => {
    if (pathname !== "") document.getElementById("main")?.scrollTo?.({ top: 0 });
  }, [pathname]);

  const overlays = (
    <>
      <Palette open={palette} onClose={() => setPalette(false)} onHelp={() => setHelp(true)} />
      <ShortcutsDialog open={help} onClose={() => setHelp(false)} />
      <AuditToasts />
      <ImportToasts />
      <DropTarget />
      <WatchToasts />
      <Toaster />
    </>
  );

  if (pathname === "/") {
    return (
      <div className="grid h-full grid-rows-[auto_minmax(0,1fr)_var(--status)]">
        <Outlet />
        <StatusLine status={status} first />
        {overlays}
      </div>
    );
  }

  return (
    <div
      className={cx(
        "grid h-full",
        narrow ? "grid-cols-[var(--rail-narrow)_minmax(0,1fr)]" : "grid-cols-[var(--rail)_minmax(0,1fr)]",
        status.database.sample
          ? "grid-rows-[auto_minmax(var(--bar),auto)_minmax(0,1fr)_var(--status)]"
          : "grid-rows-[minmax(var(--bar),auto)_minmax(0,1fr)_var(--status)]",
      )}
    >
      <button
        type="button"
        className="sr-only z-50 rounded-md bg-raised px-3 py-1 text-accent-text shadow-float focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
        onClick={() => document.getElementById("main")?.focus()}
      >
        {t("nav.skip")}
      </button>
      {status.database.sample ? <SampleBand /> : null}
      <Rail
        status={status}
        narrow={narrow}
        fixed={small}
        onToggle={() => setCollapsed(collapsed === "closed" ? "open" : "closed")}
      />
      <TopBar status={status} onSearch={() => setPalette(true)} />
      <main
        id="main"
        tabIndex={-1}
        className={cx(
          "relative min-h-0 min-w-0 overflow-y-auto overflow-x-hidden bg-canvas outline-none",
          isAsOf && "shadow-asof",
        )}
      >
        <PrintHead status={status} />
        <Outlet />
      </main>
      <StatusLine status={status} />
      {overlays}
    </div>
  );
}

/** On paper, what was asked must stand beside the answer. */
function PrintHead({ status }: { status: AppStatus }) {
  const t = useT();
  const { profiles, as_of } = useContext();
  return (
    <p className="hidden border-line border-b px-6 py-2 text-cap text-ink-2 print:block">
      {t("print.head", {
        profiles: profiles.length > 0 ? profiles.join(", ") : t("bar.profile.none"),
        day: as_of,
        version: status.catalogue.version,
      })}{" "}
      {t("status.advice")}
    </p>
  );
}

/** An address that leads nowhere. */
export function NotFound() {
  const t = useT();
  return (
    <EmptyState
      icon={<Compass size={16} />}
      title={t("notfound.title")}
      actions={
        <Link to="/overview" className={buttonClass({ variant: "primary" })}>
          {t("notfound.action")}
        </Link>
      }
    >
      {t("notfound.text")}
    </EmptyState>
  );
}

/** A screen that failed to draw; the rest of the app goes on. */
export function ScreenError({ error, reset }: ErrorComponentProps) {
  return (
    <div className="p-6">
      <ErrorNotice error={error} onRetry={reset} />
    </div>
  );
}
