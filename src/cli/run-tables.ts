/** Saved runs as text within 80 columns: a list, one run, several side by side, a reproduction. */
import type { MetricInfo } from "../core/metric-info.ts";
import { configDifferences } from "../experiment/config-differences.ts";
import type { ListedRun, SavedRun } from "../experiment/registry-queries.ts";
import type { Reproduction } from "../experiment/reproduce.ts";
import { METRICS } from "../metrics/catalogue.ts";
import { formatMetric } from "../metrics/format.ts";
import { type MetricValues, renderMetrics } from "../metrics/summary-text.ts";
import { wrapped } from "./output.ts";

const WIDTH = 80;
const LISTED: readonly string[] = ["sharpe", "cagr", "max_drawdown"];
/** Least width of a metric, width of a time. */
const CELL = 10;
const TIME = 17;
/** Runs that fit side by side; more follow in a table of their own. */
const ABREAST = 4;
const NAME = 26;
const FACT = 13;

/** One line a run; the metric it is sorted by comes first. */
export function runList(runs: readonly ListedRun[], total: number, sort: string | undefined): string {
  if (runs.length === 0) return "no run fits";
  const keys = [...new Set([...(sort === undefined ? [] : [sort]), ...LISTED])].slice(0, LISTED.length);
  const columns = keys.map((key) => {
    const own = { label: key, unit: "ratio" } as const;
    const { label, unit } = METRICS.find((metric) => metric.key === key) ?? own;
    const head = label.replace(/ (ratio|per year)$/, "");
    return { key, unit, head, width: Math.max(CELL, head.length + 2) };
  });
  const idWidth = WIDTH - TIME - columns.reduce((sum, { width }) => sum + width, 0);
  const line = (id: string, time: string, cells: readonly string[]) =>
    `${id.padEnd(idWidth)}${time.padEnd(TIME)}${cells.map((cell, c) => cell.padStart(columns[c]!.width)).join("")}`;
  const rows = runs.map((run) => {
    const cells = columns.map(({ key, unit }) => formatMetric(run.metrics[key] ?? Number.NaN, unit));
    return line(shortId(run.id, idWidth - 1), minute(run.startedAt), wordsFor(run) ?? cells);
  });
  const shown = runs.length < total ? [`${runs.length} of ${total} shown; --limit shows more`] : [];
  const heads = columns.map(({ head }) => head);
  return [line("Run", "Started (UTC)", heads), ...rows, ...shown].join("\n");
}

/** What stands in the place of figures that a run has none of. */
function wordsFor({ kind, status, trials }: ListedRun): string[] | null {
  const said = kind === "sweep" ? [`${trials} trial${trials === 1 ? "" : "s"}`] : [];
  if (status !== "done") return [...said, kind === "sweep" && status === "running" ? "stopped" : status];
  return kind === "sweep" ? said : null;
}

function statusText({ kind, status, error }: SavedRun): string {
  if (kind === "sweep" && status === "running") return "stopped before all trials were run: the same command goes on";
  return error === null ? status : `${status}: ${error}`;
}

/** Everything about one run but its config. */
export function runText(run: SavedRun): string {
  const { provenance, sample } = run;
  const facts: [label: string, value: string | null][] = [
    ["Kind", run.parent === null ? run.kind : `${run.kind} of ${run.parent}`],
    ["Status", statusText(run)],
    ["Started", `${run.startedAt}${run.executions.length > 1 ? `, execution ${run.executions.length}` : ""}`],
    ["Finished", run.finishedAt],
    ["Trials", run.kind === "sweep" ? String(run.trials) : null],
    [
      "Ever tried",
      run.triedOnData === 0 ? null : `${run.triedOnData} config${run.triedOnData === 1 ? "" : "s"} on these data`,
    ],
    ["Strategy", sample && `${sample.label}${sample.synthetic ? " (synthetic data)" : ""}`],
    ["Data", sample && `${sample.firstBar} to ${sample.lastBar}, ${sample.bars} bars, ${sample.assets} assets`],
    ["Data hash", provenance.dataHash && shortHash(provenance.dataHash)],
    ["Config hash", shortHash(provenance.configHash)],
    ["Seed", String(provenance.seed)],
    ["Code", `${provenance.codeVersion}, ${shortHash(provenance.codeHash)}`],
    ["Folder", run.out],
  ];
  const versions = Object.entries(provenance.libraries).map(([name, version]) => `${name} ${version}`);
  const sections = [
    [
      run.id,
      ...facts.flatMap(([label, value]) =>
        value === null ? [] : [`  ${label.padEnd(FACT)}${wrapped(value, WIDTH - FACT - 2, " ".repeat(FACT + 2))}`],
      ),
    ].join("\n"),
    Object.keys(run.metrics).length === 0
      ? ""
      : renderMetrics(run.metrics as MetricValues, undefined, { strategy: sample?.label ?? "", benchmark: "" }),
    table(
      "Stages",
      run.timings.map(({ stage, ms, cached }) => [stage, `${ms.toFixed(0)} ms${cached ? ", cached" : ""}`]),
    ),
    run.executions.length < 2
      ? ""
      : table(
          "Executions (code, returns)",
          run.executions.map(({ startedAt, status, codeHash, returnsHash }) => [
            startedAt,
            `${codeHash.slice(0, 12)}  ${returnsHash?.slice(0, 12) ?? status}`,
          ]),
        ),
    table(
      "Events",
      run.events.map(({ stage, kind, count }) => [`${stage}: ${kind}`, String(count)]),
    ),
    table(
      "Files",
      run.artifacts.map(({ name, sha256, bytes }) => [name, `${shortHash(sha256)}  ${bytes} bytes`]),
    ),
    versions.length === 0 ? "" : wrapped(`Libraries: ${versions.join(", ")}`, WIDTH, "  "),
    ...run.warnings.map((warning) => wrapped(`warning: ${warning}`, WIDTH, "  ")),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

/** Differences of config, then the metrics side by side, the runs named by letters. */
export function comparisonText(runs: readonly SavedRun[]): string {
  const letters = runs.map((_, i) => letter(i));
  const legend = runs.map(({ id }, i) => `${letters[i]}  ${id}`);
  const differences = configDifferences(runs).flatMap(({ path, values }) => [
    `  ${path}`,
    ...values.map(
      (value, i) =>
        `    ${letters[i]}  ${value === undefined ? "-" : oneLine(typeof value === "string" ? value : JSON.stringify(value))}`,
    ),
  ]);
  const blocks: string[] = [];
  for (let from = 0; from < runs.length; from += ABREAST)
    blocks.push(metricBlock(runs.slice(from, from + ABREAST), letters.slice(from, from + ABREAST)));
  const head =
    differences.length === 0 ? ["no difference in config, data, code or libraries"] : ["Differences", ...differences];
  return [legend.join("\n"), head.join("\n"), ...blocks].join("\n\n");
}

export function reproductionText({ id, same, items, first, changed }: Reproduction): string {
  const changes = changed.map(
    ({ what, recorded, made }) => `  ${what}: ${shortHash(recorded)} then, ${shortHash(made)} now`,
  );
  const counted = `${items.filter(({ verdict }) => verdict === "same").length} of ${items.length}`;
  if (same || first === null)
    return [`${id}: the same again, ${counted}`, ...(changes.length > 0 ? ["although changed:", ...changes] : [])].join(
      "\n",
    );
  const lines = [`${id}: NOT the same, ${counted} are`, `first to differ: ${first.name}${placeOf(first)}`];
  if (first.recorded !== null) lines.push(`  then  ${oneLine(first.recorded)}`);
  if (first.made !== null) lines.push(`  now   ${oneLine(first.made)}`);
  const others = items.filter(({ verdict, name }) => verdict !== "same" && name !== first.name);
  const verdicts = { same: "", differs: "", not_made_again: " (not made again)", not_recorded: " (not recorded)" };
  if (others.length > 0)
    lines.push(wrapped(`also: ${others.map(({ name, verdict }) => name + verdicts[verdict]).join(", ")}`, WIDTH, "  "));
  return [...lines, changes.length > 0 ? "changed since:" : "nothing known has changed since", ...changes].join("\n");
}

function placeOf({ line, byte }: NonNullable<Reproduction["first"]>): string {
  return line === null ? "" : `, line ${line}, byte ${byte}`;
}

function metricBlock(runs: readonly SavedRun[], letters: readonly string[]): string {
  const known: readonly Pick<MetricInfo, "key" | "label" | "unit">[] = METRICS;
  const others = [...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))]
    .filter((key) => known.every((metric) => metric.key !== key))
    .map((key) => ({ key, label: key, unit: "ratio" }) as const);
  const shown = [...known, ...others].filter(({ key }) => runs.some(({ metrics }) => key in metrics));
  const width = Math.floor((WIDTH - NAME) / ABREAST);
  const line = (name: string, cells: readonly string[]) =>
    `${name.padEnd(NAME)}${cells.map((cell) => cell.padStart(width)).join("")}`.trimEnd();
  const rows = shown.map(({ key, label, unit }) =>
    line(
      `  ${label}`,
      runs.map(({ metrics }) => (key in metrics ? formatMetric(metrics[key]!, unit) : "-")),
    ),
  );
  return [line("Metrics", letters), ...rows].join("\n");
}

function table(head: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return "";
  return [head, ...rows.map(([name, value]) => `  ${name.padEnd(34)}  ${value}`)].join("\n");
}

/** The hash at the end of an id is what names it. */
/** Of a trial its own part stays whole, of anything else the hash. */
function shortId(id: string, width: number): string {
  if (id.length <= width) return id;
  const own = id.includes("/") ? id.length - id.lastIndexOf("/") : 0;
  const kept = Math.min(width - 1, Math.max(9, own));
  return `${id.slice(0, width - 1 - kept)}…${id.slice(-kept)}`;
}

function minute(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}

function shortHash(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? text.slice(0, 16) : text;
}

/** Text from a file, its control characters escaped, cut to what fits beside a heading. */
function oneLine(text: string): string {
  const printable = JSON.stringify(text).slice(1, -1);
  const width = WIDTH - 8;
  return printable.length <= width ? printable : `${printable.slice(0, width - 1)}…`;
}

/** A to Z, then AA. */
function letter(i: number): string {
  return (i < 26 ? "" : letter(Math.floor(i / 26) - 1)) + String.fromCharCode(65 + (i % 26));
}
