import { Dialog } from "@/components/dialog";
import { Kbd } from "@/components/kbd";
import { type MessageId, useT } from "@/lib/i18n";
import { MOD_KEY } from "../frame/top-bar";

const GROUPS: Array<{ title: MessageId; keys: Array<[string[], MessageId]> }> = [
  {
    title: "keys.everywhere",
    keys: [
      [[MOD_KEY, "K"], "keys.palette"],
      [["/"], "keys.search"],
      [["?"], "keys.help"],
      [["Esc"], "keys.close"],
    ],
  },
  {
    title: "keys.goto",
    keys: [
      [["g", "o"], "nav.overview"],
      [["g", "f"], "nav.findings"],
      [["g", "m"], "nav.fleet"],
      [["g", "t"], "nav.software"],
      [["g", "v"], "nav.vendors"],
      [["g", "r"], "nav.restrictions"],
      [["g", "i"], "imports.title"],
      [["g", "s"], "nav.settings"],
    ],
  },
  {
    title: "keys.date",
    keys: [
      [["←", "→"], "keys.effect"],
      [["Shift", "←", "→"], "keys.day"],
      [["Page ↑", "Page ↓"], "keys.year"],
    ],
  },
  {
    title: "keys.findings",
    keys: [
      [["j", "k"], "keys.updown"],
      [["Enter"], "keys.open"],
    ],
  },
];

export function ShortcutsDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useT();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      label={t("keys.title")}
      title={t("keys.title")}
      className="w-150 max-w-[calc(100vw-32px)]"
    >
      <div className="grid max-h-[70vh] gap-x-10 gap-y-5 overflow-y-auto px-5 py-4 sm:grid-cols-2">
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1 font-semibold text-cap text-ink-3">{t(group.title)}</h3>
            <dl>
              {group.keys.map(([keys, label]) => (
                <div
                  key={label}
                  className="flex items-center justify-between gap-4 border-line border-t py-1.5 first:border-t-0"
                >
                  <dt className="text-ink-2">{t(label)}</dt>
                  <dd className="flex flex-none gap-1">
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
