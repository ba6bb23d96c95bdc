import { type ReactNode, useEffect, useId, useRef } from "react";
import { useT } from "@/lib/i18n";
import { ErrorNotice } from "./error-notice";
import { Flyout } from "./flyout";
import { Kbd } from "./kbd";
import { SkeletonLines } from "./skeleton";

/** One row of a table in full beside it: its error, its content or the lines of waiting, and the keys that move on. */
export function RowFlyout<Detail>({
  id,
  query,
  errorTitle,
  onClose,
  header,
  children,
}: {
  /** The row shown; another one begins at its top. */
  id: string;
  query: { data: Detail | undefined; isError: boolean; error: unknown; refetch: () => unknown };
  errorTitle: string;
  onClose: () => void;
  /** Its heading must carry the given id: the panel is named by it. */
  header: (titleId: string) => ReactNode;
  children: (detail: Detail) => ReactNode;
}) {
  const t = useT();
  const titleId = useId();
  const box = useRef<HTMLDivElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: on every other id
  useEffect(() => {
    box.current?.querySelector("[data-scroll]")?.parentElement?.scrollTo({ top: 0 });
  }, [id]);

  return (
    <Flyout
      ref={box}
      labelledBy={titleId}
      onClose={onClose}
      header={header(titleId)}
      footer={
        <span className="ml-auto">
          <Kbd>J</Kbd> <Kbd>K</Kbd> {t("findings.flyout.move")} <Kbd className="ml-2">Esc</Kbd>{" "}
          {t("findings.flyout.esc")}
        </span>
      }
    >
      <div data-scroll="" className="pb-4">
        {query.isError ? (
          <ErrorNotice className="mt-4" error={query.error} title={errorTitle} onRetry={() => void query.refetch()} />
        ) : query.data ? (
          children(query.data)
        ) : (
          <SkeletonLines lines={9} className="pt-4" />
        )}
      </div>
    </Flyout>
  );
}
