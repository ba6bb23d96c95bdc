import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Bookmark, X } from "lucide-react";
import { useState } from "react";
import { backend } from "@/ipc";
import { useT } from "@/lib/i18n";
import { Button } from "./button";
import { Popover } from "./popover";

const KEY = ["views_list"] as const;

/** The keys that say who asks and for which day: they are no part of a view. */
const ASKED = new Set(["profile", "as_of"]);

/** Views that everybody has: their names are messages, and they cannot be taken away. */
const SHIPPED = {
  machines: [
    { name: "views.shipped.no-protection", search: "without=endpoint-protection" },
    { name: "views.shipped.attention", search: "tier=prohibited%2Crequired%2Crestricted%2Cadvisory" },
    { name: "views.shipped.not-seen", search: "seen=older&sort=last-seen" },
  ],
  software: [{ name: "views.shipped.unknown", search: "known=no&sort=-machines" }],
} as const;

function searchText(search: Record<string, string | undefined>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search).toSorted()) {
    if (value && !ASKED.has(key)) params.set(key, value);
  }
  return params.toString();
}

/** Filters and order under a name. A view is an address: choosing one goes there. */
export function SavedViews({
  list,
  search,
}: {
  list: "machines" | "software";
  search: Record<string, string | undefined>;
}) {
  const t = useT();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const saved = useQuery({ queryKey: KEY, queryFn: () => backend.call("views_list", {}) });
  const save = useMutation({
    mutationFn: (view: { name: string; search: string }) => backend.call("view_save", { list, ...view }),
    onSuccess: (views) => client.setQueryData(KEY, views),
  });
  const shipped = SHIPPED[list].map((view) => ({ name: t(view.name), search: view.search }));
  const views = saved.data?.views.filter((view) => view.list === list) ?? [];
  const now = searchText(search);
  const current = [...views, ...shipped].find((view) => view.search === now);
  const go = (text: string) => {
    const wanted = Object.fromEntries(new URLSearchParams(text));
    const cleared = Object.fromEntries(
      Object.keys(search)
        .filter((key) => !ASKED.has(key))
        .map((key) => [key, undefined]),
    );
    void navigate({ to: ".", search: (old: Record<string, unknown>) => ({ ...old, ...cleared, ...wanted }) } as never);
  };
  return (
    <Popover
      label={t("views.title")}
      align="end"
      trigger={
        <Button data-print="hide">
          <Bookmark size={14} aria-hidden="true" />
          <span className="max-w-40 truncate">{current?.name ?? t("views.title")}</span>
        </Button>
      }
    >
      <div className="w-72 p-1" data-own-keys="">
        <ul className="mb-1 border-line border-b pb-1" aria-label={t("views.shipped")}>
          {shipped.map((view) => (
            <li key={view.search} className="flex items-center rounded-md hover:bg-hover">
              <button
                type="button"
                aria-current={view === current || undefined}
                onClick={() => go(view.search)}
                className="-outline-offset-2 min-h-7 min-w-0 flex-1 rounded-md px-2 py-1 text-left aria-[current]:font-medium aria-[current]:text-accent-text"
              >
                {view.name}
              </button>
            </li>
          ))}
        </ul>
        {views.length === 0 ? <p className="px-2 py-1.5 text-cap text-ink-3">{t("views.none")}</p> : null}
        <ul>
          {views.map((view) => (
            <li key={view.name} className="flex items-center rounded-md hover:bg-hover">
              <button
                type="button"
                aria-current={view === current || undefined}
                onClick={() => go(view.search)}
                className="-outline-offset-2 h-7 min-w-0 flex-1 truncate rounded-md px-2 text-left aria-[current]:font-medium aria-[current]:text-accent-text"
              >
                {view.name}
              </button>
              <Button
                variant="ghost"
                size="sm"
                icon
                aria-label={t("views.remove", { name: view.name })}
                onClick={() => save.mutate({ name: view.name, search: "" })}
              >
                <X size={12} aria-hidden="true" />
              </Button>
            </li>
          ))}
        </ul>
        <form
          className="mt-1 flex items-center gap-2 border-line border-t p-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() === "" || now === "") return;
            save.mutate({ name: name.trim(), search: now });
            setName("");
          }}
        >
          <input
            value={name}
            onChange={(event) => setName(event.target.value)}
            disabled={now === ""}
            aria-label={t("views.name")}
            placeholder={now === "" ? t("views.unfiltered") : t("views.name")}
            maxLength={100}
            className="h-7 min-w-0 flex-1 rounded-md border border-line-2 bg-surface px-2"
          />
          <Button type="submit" disabled={name.trim() === "" || now === ""}>
            {t("views.save")}
          </Button>
        </form>
      </div>
    </Popover>
  );
}
