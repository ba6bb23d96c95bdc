import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "@/components/toast";
import { backend, type ImportDecideRequest, type ImportMapping, toBackendError } from "@/ipc";
import { copyText } from "@/lib/clipboard";
import { useT } from "@/lib/i18n";

export function useFormats() {
  return useQuery({ queryKey: ["import_formats"], queryFn: () => backend.call("import_formats", {}) });
}

/** What a file would become, read anew with every other choice; the last answer stays until the next is there. */
export function usePreview(file: number, format: string | null, mapping: ImportMapping | null) {
  return useQuery({
    queryKey: ["import_preview", file, format, mapping],
    queryFn: () => backend.call("import_preview", { file, format, mapping }),
    placeholderData: (old, query) => (query?.queryKey[1] === file ? old : undefined),
  });
}

export function useImports() {
  return useQuery({
    queryKey: ["imports_list"],
    queryFn: () => backend.call("imports_list", {}),
    placeholderData: keepPreviousData,
  });
}

export function useImport(number: number) {
  return useQuery({ queryKey: ["import_get", number], queryFn: () => backend.call("import_get", { number }) });
}

function useFailed() {
  return (title: string, thrown: unknown) => {
    const error = toBackendError(thrown);
    toast({
      tone: "error",
      title: `${title} (${error.code})`,
      detail: [error.message, error.hint].filter(Boolean).join(" "),
    });
  };
}

export function useUndoImport(file: string) {
  const t = useT();
  const client = useQueryClient();
  const failed = useFailed();
  return useMutation({
    mutationFn: (number: number) => backend.call("import_undo", { number }),
    onSuccess: async () => {
      await client.invalidateQueries();
      toast({ title: t("imports.undo.done", { file }), detail: t("imports.undo.doneDetail") });
    },
    onError: (thrown) => failed(t("imports.undo.failed"), thrown),
  });
}

/** Keeps what was decided about a device, and says so. */
export function useDecide() {
  const t = useT();
  const client = useQueryClient();
  const failed = useFailed();
  return useMutation({
    mutationFn: ({ request }: { request: ImportDecideRequest; device: string; machine: string }) =>
      backend.call("import_decide", request),
    onSuccess: async (_, { request: { choice }, device, machine }) => {
      await client.invalidateQueries();
      toast({
        title: t("imports.review.done", { device }),
        detail: t(`imports.review.done.${choice === "same-later" ? "same" : choice}`, { machine }),
      });
    },
    onError: (thrown) => failed(t("imports.review.failed"), thrown),
  });
}

/** Writes what could not be used as comma-separated values, and says where. */
export function useSaveRejects() {
  const t = useT();
  const failed = useFailed();
  return useMutation({
    mutationFn: (number: number) => backend.call("import_rejects_save", { number }),
    onSuccess: ({ path, rows }) =>
      toast({
        title: t("imports.rejects.saved", { count: rows }),
        detail: path,
        action: { label: t("report.copyPath"), run: () => void copyText(path) },
      }),
    onError: (thrown) => failed(t("imports.rejects.failed"), thrown),
  });
}
