import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { fixture } from "@/ipc/fake";
import { renderAlone } from "@/test/render";
import { groupByLead, InstrumentBlock } from "./instrument-block";

test.each([
  [
    ["Binds you because you are X: a.", "Binds you because you are X: b."],
    [{ lead: "Binds you because you are X", rest: ["a.", "b."] }],
  ],
  [
    ["Lead: a.", "Other: b."],
    [
      { lead: "Lead", rest: ["a."] },
      { lead: "Other", rest: ["b."] },
    ],
  ],
  [["No colon here."], [{ lead: null, rest: ["No colon here."] }]],
  [[], []],
])("sentences that begin alike say it once: %j", (sentences, groups) => {
  expect(groupByLead(sentences)).toEqual(groups);
});

test("a block gives every reason, the link, the support, and on demand our reading and what is left alone", async () => {
  const block = fixture("finding_get").instruments.find(
    (each) => each.touches_us && each.readings.length > 0 && each.not_covered.length > 0,
  );
  if (!block) throw new Error("the fixture has no instrument with a reading");
  const { user, fake, container } = renderAlone(<InstrumentBlock block={block} />);
  for (const sentence of block.because) {
    const rest = sentence.includes(": ") ? sentence.slice(sentence.indexOf(": ") + 2) : sentence;
    expect(container.textContent).toContain(rest);
  }
  const toggle = screen.getByRole("button", { expanded: false });
  await user.click(toggle);
  expect(toggle.getAttribute("aria-expanded")).toBe("true");
  for (const text of [...block.readings, ...block.not_covered]) expect(container.textContent).toContain(text);
  await user.click(screen.getAllByRole("link")[0] as HTMLElement);
  expect(fake.calls).toContainEqual({ name: "source_open", request: { url: block.urls[0] } });
});
