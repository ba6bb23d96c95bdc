// A restriction as plain text, for a ticket or a mail. Days stay ISO.
import type { RestrictionDetail } from "@/ipc";
import { useT } from "@/lib/i18n";
import { useWhom } from "./effects";
import { useWord } from "./words";

export function useRestrictionText(): (
  detail: RestrictionDetail,
  asked: { profiles: readonly string[]; as_of: string },
) => string {
  const t = useT();
  const word = useWord();
  const whom = useWhom();
  return (detail, asked) => {
    const { row, scope } = detail;
    const lines = [
      `${row.title} (${row.id})`,
      [detail.issuer, word("instrument", row.instrument), word("standing", row.standing), t(`tier.${row.tier}`)].join(
        ", ",
      ),
      `${t("findings.text.asked")}: ${asked.profiles.join(", ") || "research"}, ${asked.as_of}`,
      [t(`findings.verification.${row.verification}`), detail.verification_note].filter(Boolean).join(". "),
      "",
      detail.text,
      "",
      t("restrictions.section.effects"),
    ];
    for (const effect of detail.effects) {
      const activities = effect.activities.map((activity) => t(`activity.${activity}`)).join(", ");
      const until = effect.until ?? effect.until_event ?? "";
      lines.push(
        `- ${activities}: ${word("force", effect.force)}, ${effect.from}/${until}, ${word("state", effect.state)}`,
      );
      lines.push(`  ${effect.says}`, `  ${whom(effect)}`);
      if (effect.conditions.length > 0)
        lines.push(`  ${t("restrictions.effect.only-when", { conditions: effect.conditions.join(", ") })}`);
      if (effect.reading) lines.push(`  ${t("findings.block.reading")} ${effect.reading}`);
    }
    const names = [
      ...scope.vendors.map((vendor) => vendor.name),
      ...scope.companies.map((company) => company.name),
      ...scope.persons.map((person) => [person.name, person.role].filter(Boolean).join(", ")),
      ...scope.goods.map((goods) => word("goods", goods.word)),
    ];
    if (names.length > 0) lines.push("", t("restrictions.section.scope"), ...names.map((name) => `- ${name}`));
    const left = [...detail.not_bound, ...detail.not_covered].map((entry) => `- ${entry.says}`);
    if (left.length > 0) lines.push("", t("restrictions.section.left"), ...left);
    lines.push("", t("restrictions.section.sources"), ...detail.citations.map((citation) => `- ${citation}`));
    lines.push(...detail.sources.map((source) => `- ${source.url} (${source.checked})`));
    return `${lines.join("\n")}\n`;
  };
}
