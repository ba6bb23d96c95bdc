import { useLocation, useNavigate } from "@tanstack/react-router";
import { FileDown } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { backend } from "@/ipc";
import { useT } from "@/lib/i18n";
import { addFiles } from "./import-store";

/** Takes files that are dropped on the window, whichever screen it shows; while they hover it says what would happen. */
export function DropTarget() {
  const t = useT();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [count, setCount] = useState(0);

  const take = useRef(async () => {});
  take.current = async () => {
    setCount(0);
    try {
      const files = await backend.call("import_offered", {});
      if (files.length === 0) return;
      addFiles(files);
      if (pathname !== "/imports/new") await navigate({ to: "/imports/new" });
    } catch {
      // The start screen says what is wrong with the program behind; there is no file to speak of yet.
    }
  };

  useEffect(() => {
    void take.current();
    const stops = [
      backend.onFilesOffered(() => void take.current()),
      backend.onFilesDragged((event) => setCount(event.kind === "enter" ? event.count : 0)),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);

  return (
    <>
      <div role="status" className="sr-only">
        {count > 0 ? t("imports.drop.title", { count }) : ""}
      </div>
      {count > 0 ? (
        <div aria-hidden="true" className="fixed inset-0 z-50 animate-appear bg-canvas/92 p-4" data-print="hide">
          <div className="flex h-full flex-col items-center justify-center gap-1 rounded-lg border-2 border-accent border-dashed bg-accent-tint text-center">
            <span className="mb-3 flex size-12 items-center justify-center rounded-lg bg-accent text-accent-ink">
              <FileDown size={24} />
            </span>
            <span className="font-semibold text-page tracking-page">{t("imports.drop.title", { count })}</span>
            <span className="max-w-120 text-ink-2 text-lead">{t("imports.drop.text", { count })}</span>
          </div>
        </div>
      ) : null}
    </>
  );
}
