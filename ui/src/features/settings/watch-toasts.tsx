import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { toast } from "@/components/toast";
import { useT } from "@/lib/i18n";
import { useWatch } from "./use-watch";
import { useLineSentence } from "./watched-folder";

/** More files at once are told as a number. */
const TOLD_ONE_BY_ONE = 2;

/** Files that were taken while the window is open are told wherever one is; what came before that is not. */
export function WatchToasts() {
  const t = useT();
  const navigate = useNavigate();
  const sentence = useLineSentence();
  const { data } = useWatch();
  const told = useRef<number | null>(null);
  const newest = data?.recent[0]?.number ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per file
  useEffect(() => {
    if (!data) return;
    const before = told.current;
    told.current = newest;
    if (before === null) return;
    const lines = data.recent.filter((line) => line.number > before);
    const toList = { label: t("watch.show"), run: () => void navigate({ to: "/settings" }) };
    const toMachines = { label: t("watch.showMachines"), run: () => void navigate({ to: "/machines" }) };
    const rejected = lines.filter((line) => line.result === "rejected");
    if (lines.length > TOLD_ONE_BY_ONE) {
      toast({
        tone: rejected.length > 0 ? "error" : "plain",
        title: t("watch.many", { imported: lines.length - rejected.length, rejected: rejected.length }),
        action: toList,
      });
      return;
    }
    for (const line of lines.reverse()) {
      const isRejected = line.result === "rejected";
      toast({
        tone: isRejected ? "error" : "plain",
        title: t(isRejected ? "watch.toast.rejected" : "watch.toast.imported", { file: line.file }),
        detail: sentence(line),
        action: isRejected ? toList : toMachines,
      });
    }
  }, [newest, data === undefined]);
  return null;
}
