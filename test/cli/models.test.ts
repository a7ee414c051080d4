import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { comparisonYaml } from "../support/comparison.ts";
import { tempDir, tempFile } from "../support/files.ts";

const home = process.cwd();
const FILES = [
  "comparison.json",
  "config.yaml",
  "equity.csv",
  "ic.csv",
  "ic_summary.csv",
  "report.html",
  "splits.csv",
  "timings.json",
];

// Fits and looks are kept under the working directory.
beforeAll(() => process.chdir(tempDir()));
afterAll(() => process.chdir(home));

describe("models compare", () => {
  test("ends with tables within 80 columns, development before holdout, and the path of a report", async () => {
    const out = tempDir();
    const {
      code,
      out: text,
      err,
    } = await runCli("models", "compare", tempFile("small.yaml", comparisonYaml()), "--out", out);
    expect(code).toBe(0);
    const lines = text.trimEnd().split("\n");
    expect(lines.at(-1)).toBe(`report  ${join(out, "report.html")}`);
    expect(`${text}\n${err}`.split("\n").filter((line) => line.length > 80 && !line.startsWith("report"))).toEqual([]);
    const at = (start: string) => lines.findIndex((line) => line.startsWith(start));
    const order = ["2 bars, dev", "5 bars, dev", "traded, dev", "holdout from", "2 bars, held", "traded, held"].map(at);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(0);
    expect(lines[order[3]!]).toContain("1 experiment has looked at it");
    expect(text).not.toMatch(/NaN|undefined/);
    expect(readdirSync(out).sort()).toEqual(FILES);
  });

  test("the same comparison gives the same bytes, report and timings aside, which tell how long fits took", async () => {
    const file = tempFile("small.yaml", comparisonYaml());
    const [a, b] = [tempDir(), tempDir()];
    for (const out of [a, b]) await runCli("models", "compare", file, "--out", out);
    for (const name of FILES.filter((each) => each !== "timings.json" && each !== "report.html"))
      expect(readFileSync(join(a, name)).equals(readFileSync(join(b, name))), name).toBe(true);
  });

  test("--json puts one object on stdout, that of comparison.json; --set and --against have their say", async () => {
    const out = tempDir();
    const { out: text } = await runCli(
      ...["models", "compare", tempFile("small.yaml", comparisonYaml()), "--out", out],
      ...["--against", "stacking", "--set", "l5.horizons.long=6", "--json"],
    );
    const shown = JSON.parse(text) as Record<string, unknown>;
    const written = JSON.parse(readFileSync(join(out, "comparison.json"), "utf8")) as Record<string, unknown>;
    expect(shown).toMatchObject(written);
    expect(shown).toMatchObject({ against: "stacking", holdout_start: "2016-03-01", out });
    expect((shown.horizons as { bars: number }[]).map(({ bars }) => bars)).toEqual([2, 6]);
  });

  test("ic.csv carries the ICs that the means of comparison.json are of", async () => {
    const out = tempDir();
    await runCli("models", "compare", tempFile("small.yaml", comparisonYaml()), "--out", out);
    const rows = readFileSync(join(out, "ic.csv"), "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(","));
    const { evaluations } = JSON.parse(readFileSync(join(out, "comparison.json"), "utf8")) as {
      evaluations: { name: string; score: string; horizon: string; development: { rank_ic: { mean: number } } }[];
    };
    for (const { name, score, horizon, development } of evaluations) {
      const own = rows.filter(
        (row) => row[0] === name && row[1] === score && row[2] === horizon && row[4] === "development",
      );
      const mean = own.reduce((sum, row) => sum + Number(row[6]), 0) / own.length;
      expect(mean).toBeCloseTo(development.rank_ic.mean, 12);
    }
  });

  const experiment = () => tempFile("small.yaml", comparisonYaml());
  test.each<readonly [what: string, args: () => string[], message: string]>([
    ["no file", () => [], "missing required argument 'experiment'"],
    ["a file that is not there", () => ["nowhere.yaml"], "nowhere.yaml: no such file"],
    ["a file that is no YAML", () => [tempFile("x.yaml", "{")], "not valid YAML"],
    [
      "an experiment without models",
      () => [tempFile("x.yaml", "name: x\ndata: {source: sample}\n")],
      "has no `l5` block",
    ],
    ["an unknown score", () => [experiment(), "--against", "olx"], 'did you mean "ols"?'],
    ["an empty folder name", () => [experiment(), "--out", ""], "Must be a path"],
    ["an override of nothing", () => [experiment(), "--set", "l5.model_typ=ols"], "model_typ"],
    [
      "a signal without scores",
      () => [experiment(), "--set", "signal={kind: long_only}"],
      "must be scores, for each score to be traded",
    ],
    [
      "too few bars to learn from",
      () => [tempFile("x.yaml", comparisonYaml(null)), "--set", "data.sample_bars=60"],
      "leaves no fold",
    ],
  ])("exits 2 with one line for %s", async (_what, args, message) => {
    const { code, out, err } = await runCli("models", "compare", ...args());
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(err).toContain("ballast: ");
    expect(err).toContain(message);
  });
});
