/** Which compiled variant runs a batch, and which policies none of them knows yet. */
import { type ExecutionPolicy, leverageCap } from "../policy.ts";
import type { ExecutionPanels } from "../step-context.ts";
import { type Arena, floatsAt, take } from "./arena.ts";
import type { Layout } from "./market-planes.ts";
import { type ConfigTerms, MODES, type Mode } from "./records.ts";

/** Chosen once per run: a run pays for a feature when one of its configs uses it. */
export const FEATURES = ["plain", "rates", "moves", "ratesAndMoves", "exits", "ratesAndExits"] as const;
export type Feature = (typeof FEATURES)[number];

/** The kernel's exported functions. */
export const ENTRIES = {
  pair: {
    plain: "runPairs",
    rates: "runPairsWithRates",
    moves: "runPairsWithMoves",
    ratesAndMoves: "runPairsWithRatesAndMoves",
    exits: "runPairsWithExits",
    ratesAndExits: "runPairsWithRatesAndExits",
  },
  lone: {
    plain: "runLone",
    rates: "runLoneWithRates",
    moves: "runLoneWithMoves",
    ratesAndMoves: "runLoneWithRatesAndMoves",
    exits: "runLoneWithExits",
    ratesAndExits: "runLoneWithRatesAndExits",
  },
} as const satisfies Record<Layout, Record<Feature, string>>;
export type Entry = (typeof ENTRIES)[Layout][Feature];

/** Assets from which on a config alone fills the vectors better than a pair of configs. */
const LONE_ASSETS = 100;

export function chooseLayout(configs: number, assets: number): Layout {
  return configs === 1 || assets >= LONE_ASSETS ? "lone" : "pair";
}

/** False where only the reference knows a rule of the policy. */
export function kernelKnows(policy: ExecutionPolicy, { moves }: ExecutionPanels): boolean {
  const { costs, executionMode, priceType } = policy;
  if (executionMode !== "orders" || priceType !== "next_open") return false;
  if (costs.minFee > 0 || costs.liquidity !== null) return false;
  return !moves || !hasExits(policy);
}

function hasExits({ stops, margin, guards }: ExecutionPolicy): boolean {
  return stops !== null || margin !== null || guards !== null;
}

/** @param policies those the kernel knows */
export function chooseFeature(policies: Iterable<ExecutionPolicy>, { moves }: ExecutionPanels): Feature {
  let rates = false;
  let exits = false;
  for (const policy of policies) {
    const { feeBps, slippageBps } = policy.costs;
    rates ||= typeof feeBps !== "number" || typeof slippageBps !== "number";
    exits ||= hasExits(policy);
  }
  if (moves) return rates ? "ratesAndMoves" : "moves";
  if (exits) return rates ? "ratesAndExits" : "exits";
  return rates ? "rates" : "plain";
}

/** A policy's costs as the kernel wants them; rates per asset are placed where the feature reads them. */
export function placeTerms(
  arena: Arena,
  policy: ExecutionPolicy,
  feature: Feature,
  assets: number,
  exits: number,
): ConfigTerms {
  const { feeBps, slippageBps } = policy.costs;
  const rate = (bps: number | readonly number[], n: number) => (typeof bps === "number" ? bps : bps[n]!) / 1e4;
  let worstCost = 0;
  for (let n = 0; n < assets; n++) {
    const fee = rate(feeBps, n);
    const slippage = rate(slippageBps, n);
    worstCost = Math.max(worstCost, fee + slippage + fee * slippage);
  }
  const common = (bps: number | readonly number[]) => (typeof bps === "number" ? bps / 1e4 : 0);
  let rates = 0;
  if (feature === "rates" || feature === "ratesAndMoves" || feature === "ratesAndExits") {
    rates = take(arena, 4 * 8 * assets);
    const planes = floatsAt(arena, rates, 4 * assets);
    for (let n = 0; n < assets; n++) {
      const fee = rate(feeBps, n);
      const slippage = rate(slippageBps, n);
      planes[n] = fee;
      planes[assets + n] = slippage;
      planes[2 * assets + n] = fee + slippage;
      planes[3 * assets + n] = fee * slippage;
    }
  }
  return {
    fee: common(feeBps),
    slippage: common(slippageBps),
    worstCost,
    rates,
    mode: modeOf(policy, worstCost),
    exits,
  };
}

function modeOf(policy: ExecutionPolicy, worstCost: number): Mode {
  if (leverageCap(policy) < Number.POSITIVE_INFINITY) return MODES.general;
  return policy.sizing === "post_cost" && worstCost > 0 ? MODES.postCost : MODES.atOnce;
}
