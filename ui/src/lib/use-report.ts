import { useMutation } from "@tanstack/react-query";
import { toast } from "@/components/toast";
import { backend, toBackendError } from "@/ipc";
import { copyText } from "./clipboard";
import { useContext } from "./context";
import { useT } from "./i18n";

/** Writes the report for what is asked now, and says where it lies. */
export function useWriteReport() {
  const t = useT();
  const { profiles, as_of } = useContext();
  return useMutation({
    mutationFn: () => backend.call("report_write", { profiles, as_of }),
    onSuccess: ({ path }) =>
      toast({
        title: t("report.written"),
        detail: path,
        action: {
          label: t("report.copyPath"),
          run: () => void copyText(path),
        },
      }),
    onError: (thrown) => {
      const error = toBackendError(thrown);
      toast({
        tone: "error",
        title: `${t("report.failed")} (${error.code})`,
        detail: [error.message, error.hint].filter(Boolean).join(" "),
      });
    },
  });
}
