import { describe, expect, it } from "vitest";
import { eventTable, spacedName, takeTurns } from "../../src/report/event-table.ts";

const events = (kinds: string) => [...kinds].map((kind, bar) => ({ kind, bar }));
const letters = (chosen: readonly { kind: string; bar: number }[]) =>
  chosen.map(({ kind, bar }) => `${kind}${bar}`).join(" ");

describe("takeTurns", () => {
  it("takes the first of each kind, then the second of each, in the order of the events", () => {
    // Firsts: a0 b3 c5; seconds: a1 b4; of the thirds only a has one.
    expect(letters(takeTurns(events("aaabbc"), 5))).toBe("a0 a1 b3 b4 c5");
    expect(letters(takeTurns(events("aaabbc"), 4))).toBe("a0 a1 b3 c5");
  });

  it("does not hide a common kind behind rare ones", () => {
    expect(letters(takeTurns(events("xaxbxxxx"), 3))).toBe("x0 a1 b3");
  });

  it("shows every kind once, be they more than there is room for", () => {
    expect(letters(takeTurns(events("abcabc"), 2))).toBe("a0 b1 c2");
  });

  it("takes all when there is room", () => {
    expect(letters(takeTurns(events("aba"), 9))).toBe("a0 b1 a2");
    expect(takeTurns([], 3)).toEqual([]);
  });
});

describe("eventTable", () => {
  const view = { noun: "test event", name: spacedName, columns: [], cells: () => [] };
  const time = Float64Array.from({ length: 600 }, (_, t) => t * 86_400_000);
  const markup = (some: readonly { kind: string; bar: number }[]) =>
    eventTable(some, time, view).map((block) => (block.kind === "html" ? block.html : ""));

  it("counts kinds in order of their first bar and sorts by bar", () => {
    const [table, ...more] = markup([
      { kind: "hard_exclusion", bar: 2 },
      { kind: "recover", bar: 1 },
      { kind: "recover", bar: 3 },
    ]);
    expect(table).toContain("3 test events: 2 recover, 1 hard exclusion.");
    expect([...table!.matchAll(/1970-01-0\d/g)].map(([day]) => day)).toEqual([
      "1970-01-02",
      "1970-01-03",
      "1970-01-04",
    ]);
    expect(more).toEqual([]);
  });

  it("folds the longer list away and says how much of it there is", () => {
    expect(markup(events("ab".repeat(10)))[1]).toContain("All 20 test events");
    const [table, list] = markup(events("ab".repeat(250)));
    expect(table).toContain("500 test events: 250 a, 250 b. 12 are shown, the kinds taking turns.");
    expect(list).toContain("400 of 500 test events");
    expect(list!.match(/<tr>/g)!.length).toBe(1 + 400);
  });
});
