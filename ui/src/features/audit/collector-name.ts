import type { MessageId } from "@/lib/i18n";

// What a collector reads, in words, by the part of its name behind the slash; the first pattern that fits.
const WORDS: ReadonlyArray<[RegExp, MessageId]> = [
  [/^(uninstall|installed|programs|win-uninstall)/, "collector.windows-installed"],
  [/^(services|systemd|launchd|launch-)/, "collector.services"],
  [/^(modules|kernel-modules)/, "collector.modules"],
  [/^(drivers|kext|system-extensions)/, "collector.drivers"],
  [/^(process|running)/, "collector.processes"],
  [/(extension|browser)/, "collector.browser"],
  [/^(user-hives|hives)/, "collector.hives"],
  [/^(tasks|scheduled)/, "collector.tasks"],
  [/^(signer|signature|authenticode)/, "collector.signers"],
  [/^sweep/, "collector.swept"],
  [/^(profiles|mdm)/, "collector.profiles"],
  [/^(apps|applications|desktop)/, "collector.apps"],
  [/(folders|folder|opt|program-files)/, "collector.folders"],
  [/^(files|package-files|paths)/, "collector.files"],
];

const PACKAGES = new Set([
  "dpkg",
  "rpm",
  "apk",
  "pacman",
  "snap",
  "flatpak",
  "homebrew",
  "brew",
  "winget",
  "msi",
  "appx",
  "receipts",
]);

/** The message for a collector's name, such as `linux/dpkg`. */
export function collectorMessage(name: string): { id: MessageId; values: { name: string } } {
  const part = name.split("/").at(-1) ?? name;
  if (PACKAGES.has(part)) return { id: "collector.packages", values: { name: part } };
  const found = WORDS.find(([pattern]) => pattern.test(part));
  return { id: found?.[1] ?? "collector.other", values: { name: part.replaceAll("-", " ") } };
}
