/** Every command against bad input: one clear line, exit 2, no stack trace. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { tempDir, tempFile } from "../support/files.ts";

const HEADER = "date,symbol,open,high,low,close,volume\n";
const GOOD = `${HEADER}2020-01-01,A,10,11,9,10,100\n2020-01-02,A,10,11,9,10,100\n2020-01-03,A,10,11,9,10,100\n`;
const row = (cells: string) => `${GOOD}${cells}\n`;

/** What is wrong with a price file, and what the one line must contain. */
const BAD_PRICES: [title: string, content: string | Uint8Array, says: RegExp][] = [
  ["empty", "", /empty/],
  ["header only", HEADER, /no rows|header only|no data/i],
  ["binary", Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256), /./],
  ["text in a price cell", row("2020-01-04,A,10,11,9,abc,100"), /:5.*A.*close.*"abc"|:5.*"abc"/],
  ["NaN in a price cell", row("2020-01-04,A,10,11,9,NaN,100"), /:5.*NaN/],
  ["an infinite price", row("2020-01-04,A,10,inf,9,10,100"), /:5.*inf/i],
  ["a negative price", row("2020-01-04,A,-10,11,9,10,100"), /:5.*-10/],
  ["a zero price", row("2020-01-04,A,10,11,9,0,100"), /:5.*0/],
  ["negative volume", row("2020-01-04,A,10,11,9,10,-5"), /:5.*-5/],
  ["a duplicate row", row("2020-01-03,A,10,11,9,10,100"), /:5.*A.*:?4|:4.*A.*5/],
  ["an impossible date", row("2020-02-30,A,10,11,9,10,100"), /:5.*2020-02-30/],
  ["a high below the close", row("2020-01-04,A,10,10,9,10.5,100"), /:5 A.*high 10 .*10\.5/],
  ["a low above the close", row("2020-01-04,A,10,12,9.9,9.5,100"), /:5 A.*low 9\.9 .*9\.5/],
  ["a missing column", GOOD.replace("close", "colse"), /close/],
  ["a short row", row("2020-01-04,A,10"), /:5/],
];

function oneLine(err: string): void {
  expect(err.trimEnd().split("\n"), err).toHaveLength(1);
  expect(err).not.toMatch(/\n\s+at |node:internal|Error:.*Error:/);
}

const weights = () => tempFile("w.csv", "date,A\n2020-01-01,1\n");
const experiment = (path: string) => tempFile("x.yaml", `name: x\ndata: {path: ${JSON.stringify(path)}}\n`);

describe.each(BAD_PRICES)("prices: %s", (_, content, says) => {
  test("run, backtest and data check", async () => {
    const file = tempFile("prices.csv", content);
    const results = [
      await runCli("run", experiment(file), "--out", tempDir()),
      await runCli("backtest", "--prices", file, "--weights", weights(), "--out", tempDir()),
    ];
    // data check lists bracket violations in its table instead of refusing the file
    const check = await runCli("data", "check", file);
    if (/high below|low above/.test(_)) expect(check.code).toBe(0);
    else results.push(check);
    for (const { code, err, out } of results) {
      expect({ code, out }).toEqual({ code: 2, out: "" });
      oneLine(err);
      expect(err).toMatch(says);
      expect(err).toContain("prices.csv");
    }
  });
});

describe("paths", () => {
  const missing = join(tempDir(), "no-such.csv");
  const folder = tempDir();
  const commands: [string, (file: string) => string[]][] = [
    ["run", (file) => ["run", experiment(file), "--out", tempDir()]],
    ["run (experiment)", (file) => ["run", file]],
    ["backtest --prices", (file) => ["backtest", "--prices", file, "--weights", weights(), "--out", tempDir()]],
    [
      "backtest --weights",
      (file) => ["backtest", "--prices", tempFile("p.csv", GOOD), "--weights", file, "--out", tempDir()],
    ],
    ["metrics", (file) => ["metrics", file]],
    ["data check", (file) => ["data", "check", file]],
  ];
  test.each(commands)("%s: a missing file", async (_, args) => {
    const { code, err } = await runCli(...args(missing));
    expect(code).toBe(2);
    oneLine(err);
    expect(err).toContain("no-such.csv");
  });
  test.each(commands)("%s: a directory", async (_, args) => {
    const { code, err } = await runCli(...args(folder));
    expect(code).toBe(2);
    oneLine(err);
    expect(err).toMatch(/directory/);
  });
});

describe("what only shows once the data are there names the place in the experiment", () => {
  const prices = tempFile("data.csv", GOOD);
  test.each([
    ["a missing file", "data:\n  path: nope.csv\n", /x\.yaml:3 data\.path: no such file/],
    [
      "an unknown symbol",
      `data:\n  path: ${prices}\n  symbols: [A, AB]\n`,
      /x\.yaml:4 data\.symbols: .*"AB".*did you mean "A"/,
    ],
    [
      "an unknown benchmark",
      `data: {path: ${prices}}\nbenchmark:\n  symbol: AB\n`,
      /x\.yaml:4 benchmark\.symbol: is not in the data.*"AB"/,
    ],
    [
      "an unknown funding column",
      `data: {path: ${prices}}\nportfolio:\n  funding_column: f\n`,
      /x\.yaml:4 portfolio\.funding_column/,
    ],
    [
      "stops without high and low",
      `data: {path: ${tempFile("closes.csv", `${HEADER}2020-01-01,A,10,,,10,100\n2020-01-02,A,10,,,10,100\n`)}}\nportfolio:\n  stops: {stop_loss: 0.1}\n`,
      /x\.yaml:4 portfolio\.stops: needs high and low, of which there are none for A/,
    ],
    [
      "liquidity without volume",
      `data: {path: ${tempFile("silent.csv", GOOD.replaceAll(",100\n", ",\n"))}}\nportfolio:\n  cost_model:\n    liquidity: {}\n`,
      /x\.yaml:5 portfolio\.cost_model\.liquidity: needs volume/,
    ],
    ["an empty selection", "data:\n  start: 2090-01-01\n", /x\.yaml:3 data\.start: leave no bar/],
  ])("%s", async (_, yaml, says) => {
    const { code, err } = await runCli("run", tempFile("x.yaml", `name: x\n${yaml}`), "--out", tempDir());
    expect(code).toBe(2);
    oneLine(err);
    expect(err).toMatch(says);
  });

  test("a fault of a file called data.csv keeps its own place", async () => {
    const file = tempFile("data.csv", "");
    const { err } = await runCli("run", experiment(file), "--out", tempDir());
    expect(err).toMatch(/data\.csv: .*empty/);
  });
});

describe("weights files", () => {
  const prices = tempFile("p.csv", GOOD);
  test.each([
    ["empty", "", /empty/],
    ["header only", "date,A\n", /no rows|header only|no data/i],
    ["an unknown symbol", "date,AA\n2020-01-01,1\n", /"AA".*did you mean "A"\?|AA.*did you mean "A"/],
    ["a date that is no bar", "date,A\n2020-01-01,1\n2020-05-01,1\n", /:3.*2020-05-01/],
    ["a duplicate date", "date,A\n2020-01-01,1\n2020-01-01,0.5\n", /:3.*2020-01-01/],
    ["an infinite weight", "date,A\n2020-01-01,inf\n", /:2.*A.*inf/i],
    ["text", "date,A\n2020-01-01,much\n", /:2.*A.*"much"/],
  ])("%s", async (_, content, says) => {
    const { code, err, out } = await runCli(
      "backtest",
      "--prices",
      prices,
      "--weights",
      tempFile("w.csv", content),
      "--out",
      tempDir(),
    );
    expect({ code, out }).toEqual({ code: 2, out: "" });
    oneLine(err);
    expect(err).toMatch(says);
  });

  test("NaN and empty cells hold", async () => {
    const file = tempFile("w.csv", "date,A\n2020-01-01,0.5\n2020-01-02,NaN\n2020-01-03,\n");
    const { code, out } = await runCli("backtest", "--prices", prices, "--weights", file, "--out", tempDir(), "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out).metrics.fills).toBe(1);
  });
});

describe("options", () => {
  const prices = tempFile("p.csv", GOOD);
  const backtest = (...extra: string[]) =>
    runCli("backtest", "--prices", prices, "--weights", weights(), "--out", tempDir(), ...extra);
  test.each([
    [["--fee-rate", "abc"], /--fee-rate.*abc/],
    [["--fee-rate", "-0.1"], /--fee-rate.*-0\.1/],
    [["--slippage", "1"], /--slippage.*1/],
    [["--initial-cash", "0"], /--initial-cash.*0/],
    [["--sizing", "postcost"], /postcost.*post_cost/s],
    [["--max-leverage", "Infinity"], /--max-leverage/],
    [["--out", ""], /--out.*path/],
    [["--fee", "1"], /unknown option.*--fee/s],
  ])("backtest %j", async (extra, says) => {
    const { code, err } = await backtest(...extra);
    expect(code).toBe(2);
    expect(err).toMatch(says);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test("an unknown command is refused with a suggestion", async () => {
    const { code, err } = await runCli("backtst");
    expect(code).toBe(2);
    expect(err).toContain("Did you mean backtest?");
  });

  test("an output folder that cannot be made is the machine's fault, not the input's", async () => {
    const file = tempFile("in-the-way", "x");
    const { code, err } = await runCli(
      "backtest",
      "--prices",
      prices,
      "--weights",
      weights(),
      "--out",
      join(file, "sub"),
    );
    expect(code).toBe(1);
    oneLine(err);
    expect(err).toMatch(/not a directory|file is in the way/);
    expect(readFileSync(file, "utf8")).toBe("x");
  });
});

describe("metrics files", () => {
  test.each([
    ["text", "date,r\n2020-01-01,abc\n", /:2.*r.*"abc"/],
    ["an unknown column", "date,r\n2020-01-01,0.1\n", /"s".*did you mean|no column.*"s"/],
    ["a duplicate date", "date,r\n2020-01-01,0.1\n2020-01-01,0.1\n", /:3/],
    ["infinity", "date,r\n2020-01-01,0.1\n2020-01-02,Infinity\n", /:3/],
  ])("%s", async (title, content, says) => {
    const extra = title === "an unknown column" ? ["--column", "s"] : [];
    const { code, err, out } = await runCli("metrics", tempFile("r.csv", content), ...extra);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    oneLine(err);
    expect(err).toMatch(says);
  });
});
