/** The page on extensions shows files that run: each block of code is one of them, and all of them are shown. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { stagePlanes } from "../../src/experiment/decide.ts";
import { loadDecisionInputs } from "../../src/experiment/decision-inputs.ts";
import { loadConfig, loadWithRaw } from "../../src/experiment/load-config.ts";
import { proveNoLookAhead } from "../../src/experiment/look-ahead.ts";
import { openMarket } from "../../src/experiment/open-market.ts";
import { runExperiment } from "../../src/experiment/pipeline.ts";
import { NO_CACHE } from "../../src/experiment/stage-cache.ts";
import { runSweep } from "../../src/sweep/run-sweep.ts";
import { tempDir } from "../support/files.ts";

const docs = fileURLToPath(new URL("../../docs/", import.meta.url));
const page = readFileSync(`${docs}extensions.md`, "utf8");
const at = (name: string) => `${docs}extensions/${name}`;

test("every file is on the page as it is", () => {
  const shown = [...page.matchAll(/```(?:ts|yaml)\n([\s\S]*?)```/g)].map((match) => match[1]!);
  const files = readdirSync(at(""));
  expect(files.length).toBe(7);
  for (const file of files) expect(shown, file).toContain(readFileSync(at(file), "utf8"));
  const others = shown.filter((text) => files.every((file) => readFileSync(at(file), "utf8") !== text));
  expect(others).toEqual([expect.stringMatching(/^extensions: \[/)]);
});

describe("the experiments of the page", () => {
  test("one's own feature, signal, weighting and metric: swept, and proven not to look ahead", async () => {
    const file = at("breakout.yaml");
    const small = ["data={source: sample, sample_assets: 4, sample_bars: 400}"];
    const { raw, value } = loadWithRaw(file, small);
    const { record } = (await runSweep(raw, value, file, { cache: NO_CACHE, workers: 1 }))!;
    expect(record.trials.map(({ state }) => state)).toEqual(new Array(9).fill("done"));
    expect(record.rankBy).toBe("gain_to_pain");
    const { sweep: _sweep, ...config } = loadConfig(file, small);
    const inputs = await loadDecisionInputs(config, await openMarket(config, file), file);
    const { leak, planes } = await proveNoLookAhead((known) => stagePlanes(config, known), inputs, {
      count: 3,
      rng: createRng(1),
    });
    expect(leak).toBe(null);
    expect(planes).toContainEqual({ stage: "features", column: "near_high_120" });
  });

  test("one's own model, trained beside a built-in one", async () => {
    const file = at("two-groups.yaml");
    const { record } = await runExperiment(loadConfig(file), file, undefined, { stateFolder: tempDir(), workers: 1 });
    expect(record.models!.models).toEqual(["two_groups", "ridge"]);
    expect(record.account.fills.bar.length).toBeGreaterThan(0);
  });
});
