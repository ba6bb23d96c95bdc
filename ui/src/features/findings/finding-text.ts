// A finding as plain text, for a ticket or a mail. Days stay ISO. Pure.
import type { ActivityTier, FindingDetail } from "@/ipc";

export interface FindingTextWords {
  tier: (tier: string) => string;
  presence: (presence: string) => string;
  activity: (activity: string) => string;
  verification: (verification: string) => string;
  /** So many machines are not listed. */
  more: (count: number) => string;
  headings: { asked: string; means: string; why: string; where: string; next: string; ifYes: string };
}

export function findingText(
  detail: FindingDetail,
  asked: { profiles: readonly string[]; as_of: string },
  words: FindingTextWords,
): string {
  const { row } = detail;
  const answer = ({ activity, tier }: ActivityTier) => `${words.activity(activity)}: ${words.tier(tier)}`;
  const lines = [
    [row.title, row.versions.join(", ")].filter(Boolean).join(" "),
    `${words.tier(row.tier)}, ${words.presence(row.presence)}, ${row.vendor_name}`,
    `${words.headings.asked}: ${asked.profiles.join(", ") || "research"}, ${asked.as_of}`,
  ];
  if (detail.question) lines.push(`${detail.question.question} ${words.headings.ifYes} ${detail.question.if_yes}`);
  lines.push("", words.headings.means, ...detail.answers.map((each) => `- ${answer(each)}`));
  const ours = detail.instruments.filter((block) => block.touches_us);
  if (ours.length > 0) {
    lines.push("", words.headings.why);
    for (const block of ours) {
      lines.push(
        `- ${block.restriction.short_title} (${block.citations.join("; ")}; ${words.verification(block.verification)})`,
      );
      lines.push(...block.because.map((sentence) => `  ${sentence}`));
      lines.push(...block.urls.slice(0, 1).map((url) => `  ${url}`));
    }
  }
  lines.push("", words.headings.where);
  for (const machine of detail.machines) {
    lines.push(`- ${[machine.hostname, machine.version].filter(Boolean).join(", ")}`);
    lines.push(...machine.evidence.map((line) => `  ${line.label}: ${line.path ?? line.title}`));
  }
  const more = detail.row.machines - detail.machines.length;
  if (more > 0) lines.push(`- ${words.more(more)}`);
  if (detail.next_steps.length > 0) {
    lines.push("", words.headings.next, ...detail.next_steps.map((step, i) => `${i + 1}. ${step}`));
  }
  return `${lines.join("\n")}\n`;
}
