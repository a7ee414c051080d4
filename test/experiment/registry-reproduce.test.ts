import { createHash } from "node:crypto";
import { readdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parseConfig } from "../../src/experiment/load-config.ts";
import { runExperiment } from "../../src/experiment/pipeline.ts";
import type { SavedRun } from "../../src/experiment/registry-queries.ts";
import { deleteFiles, ownFiles } from "../../src/experiment/remove-files.ts";
import { type Reproduction, reproduceRun } from "../../src/experiment/reproduce.ts";
import { compareArtifacts, folderMarks, readArtifact, writtenArtifacts } from "../../src/experiment/run-artifacts.ts";
import { runEntry } from "../../src/experiment/run-entry.ts";
import { writeRun } from "../../src/experiment/write-run.ts";
import { tempDir, tempFile } from "../support/files.ts";

const CONFIG = `name: small
data: {sample_bars: 120, sample_assets: 3}
allocation: {method: inverse_volatility, lookback_bars: 20}
`;
const html = async () => "<p>report</p>\n";

/** A run with its files in a folder of its own, as `ballast run` records it. */
async function savedRun(config = CONFIG): Promise<SavedRun> {
  const run = await runExperiment(parseConfig(config, "x.yaml"), "x.yaml");
  const out = tempDir();
  await writeRun(run, out, await html());
  const times = { startedAt: "2026-01-01T00:00:00.000Z", finishedAt: "2026-01-01T00:00:01.000Z" };
  const entry = runEntry(run, { ...times, workingFolder: process.cwd(), out, artifacts: writtenArtifacts(out) });
  return { ...entry, executions: [], trials: 0, triedOnData: 1 };
}

const reproduce = (saved: SavedRun): Promise<Reproduction> => reproduceRun(saved, { folder: tempDir(), render: html });

/** The run as if `name` had held other bytes when it was recorded. */
function asIfRecorded(saved: SavedRun, name: string, content: string): SavedRun {
  writeFileSync(join(saved.out!, name), content);
  const changed = readArtifact(saved.out!, name)!;
  return { ...saved, artifacts: saved.artifacts.map((artifact) => (artifact.name === name ? changed : artifact)) };
}

let saved: SavedRun;
beforeAll(async () => {
  saved = await savedRun();
});

describe("reproduceRun", () => {
  test("the same code and data give the same bytes, and nothing is written where the run was", async () => {
    const before = folderMarks(saved.out!);
    const result = await reproduce(saved);
    expect(result).toMatchObject({ id: saved.id, same: true, first: null, changed: [] });
    expect(result.items.map(({ name }) => name)).toEqual([
      "config.yaml",
      "targets.csv",
      "fills.csv",
      "weights.csv",
      "ledger.csv",
      "equity.csv",
      "trades.csv",
      "trades_fifo.csv",
      "result.json",
      "report.html",
    ]);
    expect(folderMarks(saved.out!)).toEqual(before);
  });

  test("names the first file that differs with line and byte, in the order in which files come about", async () => {
    const own = await savedRun();
    const equity = readFileSync(join(own.out!, "equity.csv"), "utf8");
    const fills = readFileSync(join(own.out!, "fills.csv"), "utf8");
    // the third line of the fills begins after two newlines; its first character becomes a 9
    const at = fills.indexOf("\n", fills.indexOf("\n") + 1) + 1;
    const tampered = asIfRecorded(own, "fills.csv", `${fills.slice(0, at)}9${fills.slice(at + 1)}`);
    const { same, first, items, changed } = await reproduce(asIfRecorded(tampered, "equity.csv", `${equity}more\n`));
    expect({ same, changed }).toEqual({ same: false, changed: [] });
    expect(first).toMatchObject({ name: "fills.csv", line: 3, byte: at });
    expect(first!.recorded!.slice(0, 10)).toBe(`9${fills.slice(at + 1, at + 10)}`);
    expect(first!.made!.slice(0, 10)).toBe(fills.slice(at, at + 10));
    expect(items.filter(({ verdict }) => verdict === "differs").map(({ name }) => name)).toEqual([
      "fills.csv",
      "equity.csv",
    ]);
  });

  test("a file that goes on differs where the shorter one ends; one that differs from its first byte at byte 0", async () => {
    const own = await savedRun();
    const equity = readFileSync(join(own.out!, "equity.csv"));
    const longer = await reproduce(asIfRecorded(own, "equity.csv", `${equity}more\n`));
    // 120 bars under one heading
    expect(longer.first).toEqual({ name: "equity.csv", line: 122, byte: equity.length, recorded: "more", made: "" });
    const other = await reproduce(asIfRecorded(own, "equity.csv", "x"));
    expect(other.first).toMatchObject({ name: "equity.csv", line: 1, byte: 0, recorded: "x" });
    expect(other.first!.made).toMatch(/^date,equity,/);
  });

  test("without the recorded bytes the file is named and no place", async () => {
    const sha256 = createHash("sha256").update("what nobody has any more").digest("hex");
    const artifacts = saved.artifacts.map((file) => (file.name === "weights.csv" ? { ...file, sha256 } : file));
    const { first } = await reproduce({ ...saved, artifacts });
    expect(first).toEqual({ name: "weights.csv", line: null, byte: null, recorded: null, made: null });
    expect((await reproduce({ ...saved, out: null, artifacts })).first).toEqual(first);
  });

  test("a file that is not made again, and one that was not recorded", async () => {
    const gone = { name: "alpha.csv", sha256: "0".repeat(64), bytes: 1 };
    const artifacts = [...saved.artifacts.filter(({ name }) => name !== "ledger.csv"), gone];
    const { same, items, first } = await reproduce({ ...saved, artifacts });
    expect(same).toBe(false);
    expect(items.filter(({ verdict }) => verdict !== "same")).toEqual([
      { name: "alpha.csv", verdict: "not_made_again" },
      { name: "ledger.csv", verdict: "not_recorded" },
    ]);
    expect(first!.name).toBe("alpha.csv");
  });

  test("other code, data and libraries are named", async () => {
    const { provenance } = saved;
    const libraries = { ...provenance.libraries, yaml: "1.0.0", gone: "3.0.0" };
    const { changed } = await reproduce({
      ...saved,
      provenance: { ...provenance, dataHash: "other", codeHash: "older", libraries },
    });
    expect(changed).toEqual([
      { what: "data", recorded: "other", made: provenance.dataHash },
      { what: "code", recorded: "older", made: provenance.codeHash },
      { what: "yaml", recorded: "1.0.0", made: provenance.libraries.yaml },
      { what: "gone", recorded: "3.0.0", made: "none" },
    ]);
  });

  test("a trial without files is held to its metrics and returns", async () => {
    const trial: SavedRun = { ...saved, kind: "trial", artifacts: [], out: null };
    const same = await reproduce(trial);
    expect(same).toMatchObject({ same: true, first: null });
    expect(same.items).toContainEqual({ name: "returns", verdict: "same" });
    // undefined both times is the same
    expect(Object.values(trial.metrics).some(Number.isNaN)).toBe(true);
    const { sharpe } = trial.metrics;
    const other = await reproduce({ ...trial, metrics: { ...trial.metrics, sharpe: sharpe! + 1e-12 } });
    expect(other.first).toMatchObject({ name: "sharpe", recorded: `${sharpe! + 1e-12}`, made: `${sharpe}` });
    const moved = await reproduce({ ...trial, returnsHash: "other" });
    expect(moved.first!.name).toBe("returns");
  });

  test("a sweep, a run that failed and data that are gone are refused, naming the run", async () => {
    await expect(reproduce({ ...saved, kind: "sweep" })).rejects.toThrow(`${saved.id}: is a sweep`);
    await expect(reproduce({ ...saved, status: "failed" })).rejects.toThrow(`${saved.id}: never finished`);
    const prices = tempFile("p.csv", "date,symbol,open,high,low,close\n2020-01-01,A,1,1,1,1\n2020-01-02,A,1,1,1,1\n");
    const filed = await savedRun(`name: filed\ndata: {path: ${prices}}\n`);
    unlinkSync(prices);
    await expect(reproduce(filed)).rejects.toThrow(`${filed.id}, data.path: no such file`);
    const old = { ...saved, config: `${saved.config}metod: hrp\n` };
    await expect(reproduce(old)).rejects.toThrow(/^small-[0-9a-f]{8}, config\.yaml:\d+ metod: unknown key/);
  });
});

describe("writtenArtifacts", () => {
  test("leaves out what lay in the folder before, takes what was written anew even with the same bytes", async () => {
    const folder = tempDir();
    for (const name of ["old.csv", "again.csv"]) writeFileSync(join(folder, name), "x");
    const before = folderMarks(folder);
    unlinkSync(join(folder, "again.csv"));
    for (const name of ["again.csv", "new.csv", "timings.json"]) writeFileSync(join(folder, name), "x");
    expect(writtenArtifacts(folder, before).map(({ name }) => name)).toEqual(["again.csv", "new.csv"]);
    expect(writtenArtifacts(join(folder, "nowhere"))).toEqual([]);
  });

  test("hashes content", () => {
    const folder = tempDir();
    writeFileSync(join(folder, "a.csv"), "abc");
    // FIPS 180-2, appendix B.1
    const sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(writtenArtifacts(folder)).toEqual([{ name: "a.csv", sha256, bytes: 3 }]);
  });

  test("files are ordered as they come about, the unknown by name before the account", () => {
    const names = ["report.html", "zeta.csv", "equity.csv", "config.yaml", "alpha.csv", "fills.csv", "targets.csv"];
    expect(names.sort(compareArtifacts)).toEqual([
      "config.yaml",
      "targets.csv",
      "alpha.csv",
      "zeta.csv",
      "fills.csv",
      "equity.csv",
      "report.html",
    ]);
  });
});

describe("ownFiles, deleteFiles", () => {
  test("a folder that holds nothing else goes with its files", async () => {
    const own = await savedRun();
    expect(deleteFiles(own.out!, ownFiles(own))).toEqual([]);
    expect(folderMarks(own.out!).size).toBe(0);
    expect(() => readdirSync(own.out!)).toThrow(/ENOENT/);
  });

  test("what was changed since or is not of the run stays", async () => {
    const own = await savedRun();
    writeFileSync(join(own.out!, "notes.txt"), "mine");
    writeFileSync(join(own.out!, "equity.csv"), "mine too");
    expect(deleteFiles(own.out!, ownFiles(own))).toEqual(["equity.csv", "notes.txt"]);
  });

  test("a folder that another run has taken over is left alone, so is none at all", async () => {
    const own = await savedRun();
    writeFileSync(join(own.out!, "result.json"), "{}");
    expect(() => ownFiles(own)).toThrow(/is not, or no longer, the folder of small-/);
    expect(() => ownFiles({ ...own, out: null })).toThrow(/has no files of its own/);
    expect(() => ownFiles({ ...own, artifacts: [] })).toThrow(/has no files of its own/);
  });
});
