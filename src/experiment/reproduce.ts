/** A saved run made again from its resolved config: the same bytes, or the first place where they are not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunRecord } from "../core/contracts.ts";
import { InputError } from "../core/errors.ts";
import { parseConfig } from "./load-config.ts";
import { type ExperimentRun, runExperiment, type StageListener } from "./pipeline.ts";
import type { SavedRun } from "./registry-queries.ts";
import { compareArtifacts, readArtifact, writtenArtifacts } from "./run-artifacts.ts";
import { type Artifact, returnsHash, withExtensions } from "./run-entry.ts";
import { writeRun } from "./write-run.ts";

/** One thing compared: a file, or for a trial without files each metric and its returns. */
export interface ReproducedItem {
  readonly name: string;
  readonly verdict: "same" | "differs" | "not_made_again" | "not_recorded";
}

export interface Difference {
  readonly name: string;
  /** From 1; null where the recorded bytes are no longer at hand. */
  readonly line: number | null;
  /** From 0, in the file; null as the line. */
  readonly byte: number | null;
  /** What stood there and what stands there now, cut to a readable length. */
  readonly recorded: string | null;
  readonly made: string | null;
}

export interface Reproduction {
  readonly id: string;
  readonly same: boolean;
  readonly items: readonly ReproducedItem[];
  /** Of the first item that differs, in the order in which files come about; null when all are the same. */
  readonly first: Difference | null;
  /** Code, data and libraries that are not what they were. */
  readonly changed: readonly { readonly what: string; readonly recorded: string; readonly made: string }[];
}

export interface ReproduceOptions {
  /** Empty folder for the files made again. */
  readonly folder: string;
  /** The report as HTML; made by a layer that this one does not know. */
  render(record: RunRecord): Promise<string>;
  /** A sweep's trial from its config, by a layer that this one does not know; run as an experiment without it. */
  readonly rerunTrial?: (config: string, bars: number | undefined) => Promise<RerunTrial>;
  readonly onStage?: StageListener;
}

/** What a trial came to this time. */
export interface RerunTrial {
  readonly metrics: Readonly<Record<string, number>>;
  /** [T] */
  readonly equity: Float64Array;
  readonly provenance: SavedRun["provenance"];
}

/**
 * Runs a saved config again. Relative paths in it start at the working directory, which has to be the one of then.
 *
 * @throws InputError when it is no run that can be made again, or its data cannot be read
 */
export async function reproduceRun(saved: SavedRun, options: ReproduceOptions): Promise<Reproduction> {
  if (saved.kind === "sweep" || saved.status !== "done") {
    const rule =
      saved.kind === "sweep"
        ? `is a sweep: reproduce its trials, which \`ballast runs list --sweep ${saved.id}\` names`
        : "never finished: there is nothing to compare";
    throw InputError.of({ where: saved.id, rule });
  }
  if (saved.kind === "trial" && options.rerunTrial !== undefined) {
    const { metrics, equity, provenance } = await named(saved, options.rerunTrial(saved.config, saved.sample?.bars));
    return { id: saved.id, changed: changes(saved, provenance), ...compareNumbers(saved, metrics, equity) };
  }
  const run = await runSaved(saved, options.onStage);
  const { metrics, account, provenance } = run.record;
  const changed = changes(saved, provenance);
  if (saved.artifacts.length === 0) return { id: saved.id, changed, ...compareNumbers(saved, metrics, account.equity) };
  options.onStage?.("render report");
  const html = await options.render(run.record);
  options.onStage?.("compare files");
  await writeRun(run, options.folder, html);
  return { id: saved.id, changed, ...compareFiles(saved, options.folder) };
}

async function runSaved(saved: SavedRun, onStage: StageListener | undefined): Promise<ExperimentRun> {
  const file = "config.yaml";
  const again = async () => runExperiment(parseConfig(saved.config, file), file, onStage);
  return named(saved, again());
}

/** Faults with the run they are of. */
async function named<T>(saved: SavedRun, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.faults.map((fault) => ({ ...fault, where: `${saved.id}, ${fault.where}` })));
  }
}

function changes(saved: SavedRun, provenance: SavedRun["provenance"]): Reproduction["changed"] {
  const facts = ({ dataHash, configHash, codeVersion, codeHash, libraries }: SavedRun["provenance"]) =>
    new Map([
      ["config", configHash],
      ["data", dataHash ?? "unknown"],
      ["code version", codeVersion],
      ["code", codeHash],
      ...Object.entries(libraries).map(([name, version]) => [name, version] as const),
    ]);
  const [then, now] = [facts(saved.provenance), facts(withExtensions(provenance))];
  return [...new Set([...then.keys(), ...now.keys()])].flatMap((what) => {
    const pair = { what, recorded: then.get(what) ?? "none", made: now.get(what) ?? "none" };
    return pair.recorded === pair.made ? [] : [pair];
  });
}

type Comparison = Pick<Reproduction, "same" | "items" | "first">;

function compareFiles(saved: SavedRun, folder: string): Comparison {
  const then = new Map(saved.artifacts.map((artifact) => [artifact.name, artifact]));
  const now = new Map(writtenArtifacts(folder).map((artifact) => [artifact.name, artifact]));
  const items = [...new Set([...then.keys(), ...now.keys()])].sort(compareArtifacts).map((name): ReproducedItem => {
    const [recorded, made] = [then.get(name), now.get(name)];
    if (recorded === undefined) return { name, verdict: "not_recorded" };
    if (made === undefined) return { name, verdict: "not_made_again" };
    return { name, verdict: recorded.sha256 === made.sha256 ? "same" : "differs" };
  });
  const odd = items.find(({ verdict }) => verdict !== "same");
  if (odd === undefined) return { same: true, items, first: null };
  const recorded = then.get(odd.name);
  const first =
    odd.verdict === "differs" ? firstDifference(saved.out, recorded!, folder) : unplaced(odd.name, null, null);
  return { same: false, items, first };
}

/** The place is known only while the folder of then still holds the recorded bytes. */
function firstDifference(out: string | null, recorded: Artifact, folder: string): Difference {
  const { name } = recorded;
  if (out === null || readArtifact(out, name)?.sha256 !== recorded.sha256) return unplaced(name, null, null);
  const [then, now] = [readFileSync(join(out, name)), readFileSync(join(folder, name))];
  const shorter = Math.min(then.length, now.length);
  let byte = 0;
  while (byte < shorter && then[byte] === now[byte]) byte++;
  let line = 1;
  for (let i = 0; i < byte; i++) if (then[i] === NEWLINE) line++;
  return { name, line, byte, recorded: excerpt(then, byte), made: excerpt(now, byte) };
}

const NEWLINE = 10;
/** Bytes shown before the difference and from it on. */
const LEAD = 24;
const TRAIL = 40;

/** The part of its line around a byte. */
function excerpt(content: Buffer, byte: number): string {
  const lineStart = byte === 0 ? 0 : content.lastIndexOf(NEWLINE, byte - 1) + 1;
  const start = Math.max(lineStart, byte - LEAD);
  const newline = content.indexOf(NEWLINE, byte);
  const end = Math.min(newline < 0 ? content.length : newline, byte + TRAIL);
  return content.toString("utf8", start, end);
}

function compareNumbers(saved: SavedRun, metrics: RerunTrial["metrics"], equity: Float64Array): Comparison {
  const then = new Map(Object.entries(saved.metrics));
  const now = new Map(Object.entries(metrics));
  const numbers = [...new Set([...then.keys(), ...now.keys()])].sort().map((name): ReproducedItem => {
    const [recorded, made] = [then.get(name), now.get(name)];
    if (recorded === undefined) return { name, verdict: "not_recorded" };
    if (made === undefined) return { name, verdict: "not_made_again" };
    const same = recorded === made || (Number.isNaN(recorded) && Number.isNaN(made));
    return { name, verdict: same ? "same" : "differs" };
  });
  const returns = saved.returnsHash === returnsHash(equity) ? "same" : "differs";
  const items: ReproducedItem[] = [...numbers, { name: "returns", verdict: returns }];
  const odd = items.find(({ verdict }) => verdict !== "same");
  if (odd === undefined) return { same: true, items, first: null };
  const text = (values: ReadonlyMap<string, number>) => values.get(odd.name)?.toString() ?? null;
  return { same: false, items, first: unplaced(odd.name, text(then), text(now)) };
}

function unplaced(name: string, recorded: string | null, made: string | null): Difference {
  return { name, line: null, byte: null, recorded, made };
}
