import { SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { useT } from "@/lib/i18n";
import { Button } from "./button";
import { EmptyState } from "./empty-state";

/** A table without rows: says why, and offers to clear the filters where these are the reason. */
export function NothingFound({
  title,
  onClear,
  children,
}: {
  title: string;
  /** Clears the filters; not given when no row is held back by them. */
  onClear?: () => void;
  children: ReactNode;
}) {
  const t = useT();
  return (
    <EmptyState
      icon={<SearchX size={16} />}
      title={title}
      actions={onClear ? <Button onClick={onClear}>{t("findings.filter.clear")}</Button> : null}
    >
      {children}
    </EmptyState>
  );
}
