import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { tempDir, tempFile } from "../support/files.ts";
import { describeWith, readOracle } from "../support/oracle.ts";

const DAY = 86_400_000;
const dateOf = (t: number) => new Date(Date.UTC(2020, 0, 1) + t * DAY).toISOString().slice(0, 10);
const HEADER = "date,symbol,open,high,low,close,volume\n";

/** A long table of closes; open, high and low are the close. */
function pricesFile(symbols: readonly string[], close: readonly (readonly (number | null)[])[]): string {
  const rows = close.flatMap((row, t) =>
    row.flatMap((x, n) => (x === null ? [] : [`${dateOf(t)},${symbols[n]},${x},${x},${x},${x},100`])),
  );
  return tempFile("prices.csv", `${HEADER}${rows.join("\n")}\n`);
}

/** UP rises by 1% and 2% in turn, DOWN falls by as much, NEW is listed at bar 5. */
const prices = pricesFile(
  ["UP", "DOWN", "NEW"],
  Array.from({ length: 40 }, (_, t) => {
    const steps = t + Math.floor(t / 2);
    return [100 * 1.01 ** steps, 100 * 0.99 ** steps, t < 5 ? null : 50 * 1.001 ** steps];
  }),
);
const config = tempFile("selector.yaml", "asset_selector: {min_active_assets: 1}\n");

interface Row {
  readonly date: string;
  readonly symbol: string;
  readonly state: string;
  readonly k: string;
  readonly multiplier: string;
  readonly score: string;
  readonly sharpe: string;
  readonly drawdown: string;
  readonly reason: string;
}

/** No cell of these tables is quoted. */
function readRows(file: string): Row[] {
  const [head, ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(head).toBe("date,symbol,state,k,multiplier,score,sharpe,drawdown,reason");
  return lines.map((line) => {
    const [date, symbol, state, k, multiplier, score, sharpe, drawdown, reason] = line.split(",") as string[];
    return { date, symbol, state, k, multiplier, score, sharpe, drawdown, reason } as Row;
  });
}

describe("ballast select", () => {
  const out = join(tempDir(), "selection.csv");
  let result: Awaited<ReturnType<typeof runCli>>;
  let rows: Row[];
  beforeAll(async () => {
    result = await runCli("select", "--prices", prices, "--config", config, "--out", out);
    rows = readRows(out);
  });

  test("writes one line a bar and asset, in order of bar", () => {
    expect(result).toMatchObject({ code: 0, err: "" });
    expect(rows).toHaveLength(40 * 3);
    expect(rows.slice(0, 4).map(({ date, symbol }) => `${date} ${symbol}`)).toEqual([
      "2020-01-01 DOWN",
      "2020-01-01 NEW",
      "2020-01-01 UP",
      "2020-01-02 DOWN",
    ]);
  });

  test("an asset that is not listed has no state and multiplier 0, then starts neutral", () => {
    const ofNew = rows.filter(({ symbol }) => symbol === "NEW");
    expect(ofNew[4]).toMatchObject({ state: "", k: "0", multiplier: "0", score: "", sharpe: "", reason: "" });
    expect(ofNew[5]).toMatchObject({
      state: "ACTIVE",
      k: "3",
      multiplier: "1",
      score: "0.5",
      sharpe: "",
      drawdown: "",
    });
  });

  test("a change of state comes with its reason", () => {
    const down = rows.filter(({ symbol, reason }) => symbol === "DOWN" && reason !== "");
    // the tenth return is that of bar 10, when 15 steps of 1% are a drawdown of 1 - 0.99^15 = 13.99%; bar 11 has 16
    expect(down[0]).toMatchObject({ date: dateOf(12), state: "COOLDOWN", k: "0", multiplier: "0" });
    expect(down[0]!.reason).toMatch(/^hard_exclusion: Sharpe -[\d.]+ below -1 and drawdown 16\.55% above 15%$/);
    expect(Number(down[0]!.drawdown)).toBeCloseTo(1 - 0.99 ** 18, 12);
    expect(Number(rows.find(({ symbol, date }) => symbol === "DOWN" && date === dateOf(11))!.drawdown)).toBeCloseTo(
      1 - 0.99 ** 16,
      12,
    );
  });

  test("prints a table within 80 columns", () => {
    expect(result.out.split("\n").every((line) => line.length <= 80)).toBe(true);
    expect(result.out).toMatch(/DOWN +12 +0 +28 +0 +0 +0\.30/);
    expect(result.out).toMatch(/NEW +35 +0 +0 +0 +5 +1\.00/);
    expect(result.out).toContain("hard_exclusion 1");
  });

  test("--json prints one object and the same file", async () => {
    const other = join(tempDir(), "other.csv");
    const { code, out: text } = await runCli(
      "select",
      "--prices",
      prices,
      "--config",
      config,
      "--out",
      other,
      "--json",
    );
    expect(code).toBe(0);
    const summary = JSON.parse(text);
    expect(summary).toMatchObject({ bars: 40, assets: 3, periods_per_year: 365, out: other, warnings: [] });
    expect(summary.events).toEqual({ hard_exclusion: 1 });
    expect(summary.states[0]).toEqual({
      symbol: "DOWN",
      active: 12,
      underperforming: 0,
      cooldown: 28,
      re_entry: 0,
      not_listed: 0,
      last: "COOLDOWN",
      mean_multiplier: 0.3,
    });
    expect(summary.policy.min_active_assets).toBe(1);
    expect(readFileSync(other, "utf8")).toBe(readFileSync(out, "utf8"));
  });

  test("bars per year come from the option, else the config, else the calendar, and scale the Sharpe ratio", async () => {
    const experiment = tempFile("x.yaml", "name: x\ndata: {periods_per_year: 100}\nasset_selector: {}\n");
    const run = async (yaml: string, ...more: string[]) => {
      const file = join(tempDir(), "o.csv");
      const { out: text } = await runCli(
        "select",
        "--prices",
        prices,
        "--config",
        yaml,
        "--out",
        file,
        "--json",
        ...more,
      );
      const up = readRows(file).find(({ symbol, date }) => symbol === "UP" && date === dateOf(39))!;
      return [JSON.parse(text).periods_per_year as number, Number(up.sharpe)] as const;
    };
    const [calendar, own] = await run(config);
    const [fromConfig, slower] = await run(experiment);
    const [fromOption] = await run(experiment, "--periods-per-year", "50");
    expect([calendar, fromConfig, fromOption]).toEqual([365, 100, 50]);
    expect(slower / own).toBeCloseTo(Math.sqrt(100 / 365), 12);
  });

  test("warns when the selector leaves nobody, or has too few to choose from", async () => {
    const falling = pricesFile(
      ["A", "B"],
      Array.from({ length: 20 }, (_, t) => [100 * 0.97 ** (t + (t % 2)), 80 * 0.97 ** (t + (t % 2))]),
    );
    const many = tempFile("s.yaml", "asset_selector: {min_active_assets: 3}\n");
    const { code, err } = await runCli(
      "select",
      "--prices",
      falling,
      "--config",
      many,
      "--out",
      join(tempDir(), "o.csv"),
    );
    expect(code).toBe(0);
    expect(err.replaceAll(/\s+/g, " ")).toContain(
      "below_min_active from 2020-01-01: listed assets: 2, min_active_assets is 3",
    );
    expect(err).toContain(`all_excluded from ${dateOf(10)}`);
  });
});

describeWith("oracles/asset_selector.json", "ballast select on the reference prices", () => {
  test("writes the reference's states, steps and scores", async () => {
    const [{ input, expected, params, periods_per_year }] = readOracle("asset_selector").cases;
    const lines = input.close.flatMap((row: (number | null)[], t: number) =>
      row.flatMap((x, n) => (x === null ? [] : [`${input.dates[t]},${input.symbols[n]},${x},${x},${x},${x},1`])),
    );
    const file = tempFile("prices.csv", `${HEADER}${lines.join("\n")}\n`);
    const yaml = tempFile("s.yaml", `asset_selector: ${JSON.stringify(params)}\n`);
    const out = join(tempDir(), "selection.csv");
    const options = ["--out", out, "--periods-per-year", String(periods_per_year)];
    expect((await runCli("select", "--prices", file, "--config", yaml, ...options)).code).toBe(0);
    const names = ["ACTIVE", "UNDERPERFORMING", "COOLDOWN", "RE_ENTRY"];
    const text = readFileSync(out, "utf8").trimEnd().split("\n").slice(1);
    const got = text.map((line) => line.split(",").slice(0, 6));
    const states = expected.state.flat();
    const scores = expected.score.flat();
    expect(got.map(([, , state]) => state)).toEqual(
      states.map((code: number | null) => (code === null ? "" : names[code])),
    );
    expect(got.map(([, , , k]) => Number(k))).toEqual(expected.k.flat());
    for (const [i, want] of scores.entries())
      if (want === null) expect(got[i]![5]).toBe("");
      else expect(Math.abs(Number(got[i]![5]) - want)).toBeLessThan(1e-9);
  });
});

describe("bad input gives one line and exit code 2", () => {
  const missing = join(tempDir(), "no-such-file");
  const folder = tempDir();
  const binary = tempFile(
    "binary",
    Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256),
  );
  const empty = tempFile("empty", "");
  async function refused(args: readonly string[], says: RegExp): Promise<void> {
    const out = join(tempDir(), "o.csv");
    const { code, err, out: text } = await runCli("select", ...args, "--out", out);
    expect({ code, text }).toEqual({ code: 2, text: "" });
    expect(err.trimEnd().split("\n"), err).toHaveLength(1);
    expect(err).toMatch(says);
    expect(err).not.toMatch(/defect|\n\s+at /);
    expect(existsSync(out)).toBe(false);
  }

  test.each([
    ["missing", missing, /no-such-file/],
    ["a directory", folder, /directory/],
    ["empty", empty, /empty/],
    ["binary", binary, /binary/],
  ])("a config file that is %s", (_, file, says) => refused(["--prices", prices, "--config", file], says));

  test.each([
    ["missing", missing, /no-such-file/],
    ["a directory", folder, /directory/],
    ["empty", empty, /empty/],
    ["binary", binary, /binary/],
    ["a header alone", tempFile("h.csv", HEADER), /h\.csv.*no rows/],
    ["broken in a cell", tempFile("c.csv", `${HEADER}2020-01-01,A,1,1,1,x,1\n`), /c\.csv:2.*"x"/],
  ])("a price file that is %s", (_, file, says) => refused(["--prices", file, "--config", config], says));

  test("a config that is a list, or text", async () => {
    await refused(["--prices", prices, "--config", tempFile("l.yaml", "- a\n")], /l\.yaml: must be a YAML mapping/);
    await refused(["--prices", prices, "--config", tempFile("t.yaml", "hello\n")], /t\.yaml: must be a YAML mapping/);
    await refused(["--prices", prices, "--config", tempFile("b.yaml", "a: [1\n")], /b\.yaml:\d+: not valid YAML/);
  });

  test("options", async () => {
    await refused(["--prices", prices, "--config", config, "--periods-per-year", "0"], /--periods-per-year.*0/);
    const { code, err } = await runCli("select", "--prices", prices, "--config", config, "--out", "");
    expect(code).toBe(2);
    expect(err).toMatch(/--out.*path/);
    const nowhere = await runCli("select", "--prices", prices, "--config", config, "--out", join(missing, "o.csv"));
    expect(nowhere.code).toBe(2);
    expect(nowhere.err).toMatch(/there is no folder/);
  });

  test("a folder in the way of the result leaves nothing half-written", async () => {
    writeFileSync(join(folder, "keep"), "x");
    const { code, err } = await runCli("select", "--prices", prices, "--config", config, "--out", folder);
    expect(code).toBe(1);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(readFileSync(join(folder, "keep"), "utf8")).toBe("x");
  });
});
