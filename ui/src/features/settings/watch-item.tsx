import { Link } from "@tanstack/react-router";
import { FolderInput } from "lucide-react";
import { useT } from "@/lib/i18n";
import { isWatched, useWatch } from "./use-watch";

/** In the status line: that a folder is watched, which file is being imported, or that it no longer is. */
export function WatchItem() {
  const t = useT();
  const { data } = useWatch();
  if (!data?.folder || (!isWatched(data) && data.phase !== "failed")) return null;
  const text =
    data.phase === "failed"
      ? t("watch.item.failed")
      : data.file
        ? t("watch.importing", { file: data.file })
        : t("watch.item");
  return (
    <Link
      to="/settings"
      title={data.folder}
      className="inline-flex h-6 min-w-0 max-w-80 items-center gap-1.5 rounded-sm px-1 hover:text-ink max-md:hidden"
    >
      <FolderInput size={12} strokeWidth={2} aria-hidden="true" className="flex-none" />
      <span className="truncate">{text}</span>
    </Link>
  );
}
