import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";

/** The place of something that is being read. Still: nothing moves that need not. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cx("block rounded-sm bg-track", className ?? "h-4 w-full")} />;
}

/** Several lines, announced once as loading. */
export function SkeletonLines({ lines = 6, className }: { lines?: number; className?: string }) {
  const t = useT();
  return (
    <div role="status" aria-label={t("common.loading")} className={cx("flex flex-col gap-3", className)}>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change places
        <Skeleton key={index} className={cx("h-4", index % 3 === 2 ? "w-1/2" : index % 3 === 1 ? "w-4/5" : "w-full")} />
      ))}
    </div>
  );
}
