import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useT } from "@/lib/i18n";

export interface Toast {
  id: number;
  title: string;
  detail?: string;
  tone: "plain" | "error";
  action?: { label: string; run: () => void };
}

let toasts: Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(change: (old: Toast[]) => Toast[]) {
  toasts = change(toasts);
  for (const listener of listeners) listener();
}

export function dismissToast(id: number): void {
  set((old) => old.filter((toast) => toast.id !== id));
}

/** Shows a message in the corner; errors stay until closed, others for ten seconds. */
export function toast(message: Omit<Toast, "id" | "tone"> & { tone?: Toast["tone"] }): number {
  const id = next++;
  const tone = message.tone ?? "plain";
  set((old) => [...old.slice(-2), { ...message, id, tone }]);
  if (tone === "plain") setTimeout(() => dismissToast(id), 10_000);
  return id;
}

export function clearToasts(): void {
  set(() => []);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Once, in the frame. */
export function Toaster() {
  const t = useT();
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <section
      aria-label={t("toast.region")}
      aria-live="polite"
      data-print="hide"
      className="pointer-events-none fixed right-4 bottom-10 z-50 flex w-96 max-w-[calc(100%-32px)] flex-col gap-2"
    >
      {shown.map((item) => (
        <div
          key={item.id}
          role={item.tone === "error" ? "alert" : "status"}
          data-tier={item.tone === "error" ? "prohibited" : undefined}
          className="pointer-events-auto flex animate-appear items-start gap-3 rounded-lg bg-raised py-2.5 pr-2 pl-3.5 shadow-float"
        >
          <div className="min-w-0 flex-1">
            <div className={item.tone === "error" ? "font-medium text-tier-t" : "font-medium"}>{item.title}</div>
            {item.detail ? <div className="break-words text-cap text-ink-2">{item.detail}</div> : null}
            {item.action ? (
              <button
                type="button"
                className="lk mt-1 font-medium text-cap"
                onClick={() => {
                  item.action?.run();
                  dismissToast(item.id);
                }}
              >
                {item.action.label}
              </button>
            ) : null}
          </div>
          <button
            type="button"
            aria-label={t("toast.close")}
            onClick={() => dismissToast(item.id)}
            className="flex size-6 flex-none items-center justify-center rounded-md text-ink-3 hover:bg-hover"
          >
            <X size={14} aria-hidden="true" />
          </button>
        </div>
      ))}
    </section>
  );
}
