/** The selector's states for 1,000 threshold configs over one set of score panels, 20 assets and 2,520 bars, on one
 *  thread; and the panels themselves, which a sweep over thresholds makes once. */
import { createAxes } from "../src/core/panel.ts";
import { createRng } from "../src/core/rng.ts";
import { rampPositions, runSelector } from "../src/selection/run-selector.ts";
import { type ScorePanels, scorePanels } from "../src/selection/score.ts";
import type { ScoringPolicy, TransitionPolicy } from "../src/selection/selector-policy.ts";

interface SelectionTiming {
  readonly case: string;
  /** Median, fastest and slowest of the runs in milliseconds. */
  readonly ms: number;
  readonly min: number;
  readonly max: number;
  /** Nanoseconds per config x bar x asset, of the median. */
  readonly nsPerCell: number;
  /** Milliseconds that the median is meant to stay below. */
  readonly target: number | null;
}

const BARS = 2520;
const ASSETS = 20;
const CONFIGS = 1000;
const RUNS = 5;
const DAY_MS = 86_400_000;

const SCORING: ScoringPolicy = {
  sharpeWeight: 0.4,
  returnWeight: 0.3,
  drawdownWeight: 0.3,
  sharpeLookbackBars: 60,
  returnLookbackBars: 30,
  periodsPerYear: 252,
};

/** @param options json: an array of timings on stdout instead of a table */
export async function benchSelection({ json }: { readonly json: boolean }): Promise<void> {
  const market = walks();
  const policies = thresholdGrid();
  const k = new Uint8Array(BARS * ASSETS);
  let panels: ScorePanels = scorePanels(market, SCORING);
  let steps = 0;
  const timings = [
    timeOf("score panels", 1, null, () => {
      panels = scorePanels(market, SCORING);
    }),
    timeOf("states, 1,000 configs", CONFIGS, 1000, () => {
      for (const policy of policies) {
        rampPositions(panels, policy, k);
        steps += k[k.length - 1]!;
      }
    }),
    timeOf("record with events, 1 config", 1, null, () => {
      steps += runSelector(panels, policies[0]!).events.length;
    }),
  ];
  if (!(steps > 0)) throw new Error("nobody ever took part");
  if (json) console.log(JSON.stringify(timings));
  else console.table(timings);
}

function timeOf(name: string, configs: number, target: number | null, run: () => void): SelectionTiming {
  run();
  const ms = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const median = ms[RUNS >> 1]!;
  return {
    case: name,
    ms: rounded(median),
    min: rounded(ms[0]!),
    max: rounded(ms[RUNS - 1]!),
    nsPerCell: rounded((1e6 * median) / (configs * BARS * ASSETS)),
    target,
  };
}

function rounded(x: number): number {
  return Number(x.toPrecision(3));
}

/** 10 x 10 x 10 policies: lower threshold, distance of the upper one, limits of the hard exclusion. */
function thresholdGrid(): TransitionPolicy[] {
  return Array.from({ length: CONFIGS }, (_, p) => {
    const excludeScore = 0.05 + 0.03 * (p % 10);
    return {
      excludeScore,
      includeScore: excludeScore + 0.05 + 0.02 * (Math.floor(p / 10) % 10),
      hardExcludeSharpe: -1 - 0.2 * Math.floor(p / 100),
      hardExcludeDrawdown: 0.1 + 0.02 * Math.floor(p / 100),
      excludeConfirmationBars: 5,
      includeConfirmationBars: 3,
      relapseConfirmationBars: 1,
      minExclusionBars: 30,
      rampSteps: 3,
      minActiveAssets: 3,
    };
  });
}

/** Prices of 2% a day about no drift. */
function walks(): Parameters<typeof scorePanels>[0] {
  const rng = createRng(7).fork("selection");
  const axes = createAxes(
    Array.from({ length: BARS }, (_, t) => t * DAY_MS),
    Array.from({ length: ASSETS }, (_, n) => `A${n}`),
  );
  const close = new Float64Array(BARS * ASSETS);
  for (let i = 0; i < close.length; i++)
    close[i] = i < ASSETS ? 100 : close[i - ASSETS]! * Math.exp(0.02 * rng.normal());
  return { axes, close };
}
