import { describe, expect, it } from "vitest";
import type { AuditEvent } from "@/ipc";
import { type AuditState, applyAuditEvent, isRunning } from "./audit-store";
import { collectorMessage } from "./collector-name";

const start: AuditState = {
  id: "a",
  phase: "starting",
  lines: [],
  done: 0,
  of: 0,
  observations: 0,
  outcome: null,
  error: null,
};
const finished = (name: string, count: number): AuditEvent => ({
  kind: "collector-finished",
  collector: { name, status: "complete", reason: null, count },
  index: 0,
  of: 2,
});

describe("applyAuditEvent", () => {
  it("counts sources and entries", () => {
    let state = applyAuditEvent(start, { kind: "collector-started", name: "linux/dpkg", index: 0, of: 2 });
    expect(state).toMatchObject({
      phase: "reading",
      of: 2,
      done: 0,
      lines: [{ name: "linux/dpkg", status: "running" }],
    });
    state = applyAuditEvent(state, finished("linux/dpkg", 7));
    state = applyAuditEvent(state, finished("linux/rpm", 3));
    expect(state).toMatchObject({ done: 2, observations: 10 });
    expect(state.lines.map((line) => line.status)).toEqual(["complete", "complete"]);
    state = applyAuditEvent(state, { kind: "identifying", observations: 10 });
    expect(state.phase).toBe("identifying");
    expect(applyAuditEvent(state, { kind: "storing" }).phase).toBe("storing");
  });
  it("stays cancelling whatever still arrives", () => {
    const cancelling: AuditState = { ...start, phase: "cancelling" };
    for (const event of [
      finished("linux/dpkg", 1),
      { kind: "storing" } as const,
      { kind: "identifying", observations: 1 } as const,
    ]) {
      expect(applyAuditEvent(cancelling, event).phase).toBe("cancelling");
    }
    expect(isRunning(cancelling)).toBe(true);
    expect(isRunning({ ...start, phase: "done" })).toBe(false);
  });
});

describe("collectorMessage", () => {
  it.each([
    ["linux/dpkg", "collector.packages"],
    ["linux/systemd", "collector.services"],
    ["windows/uninstall", "collector.windows-installed"],
    ["windows/drivers", "collector.drivers"],
    ["windows/user-hives", "collector.hives"],
    ["browser/extensions", "collector.browser"],
    ["macos/apps", "collector.apps"],
    ["linux/opt-folders", "collector.folders"],
    ["linux/something-new", "collector.other"],
  ])("%s -> %s", (name, id) => {
    expect(collectorMessage(name).id).toBe(id);
  });
});
