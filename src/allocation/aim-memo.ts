/** Aims that several runs over one market have in common: what the method says of the same sleeves at the same bar.
 *  Trials that differ in who is selected ask the same question again and again. Nothing is remembered across policies. */
import type { SleeveAim } from "./aim-sleeves.ts";
import { usesStrength } from "./methods/catalogue.ts";
import type { AllocationPolicy } from "./plan-step.ts";

/** What is known under one policy. */
export interface AimMemo {
  policy: string;
  /** Weights kept. */
  cells: number;
  readonly aims: Map<string, SleeveAim>;
}

/** Weights kept at most, 32 MB of them. */
const MOST_CELLS = 1 << 22;

/** Good for one market, posterior and all; which a memo is never told. */
export function createAimMemo(): AimMemo {
  return { policy: "", cells: 0, aims: new Map() };
}

/**
 * Makes the memo that of a policy; what it knows of another is forgotten.
 *
 * @returns null where aims are not alike for all: a method that looks at the signal, or a plan that asks for its
 *          covariance after the aim
 */
export function openAimMemo(memo: AimMemo | null, policy: AllocationPolicy, firstBar: number): AimMemo | null {
  if (memo === null || usesStrength(policy.method)) return null;
  if (policy.volatilityTarget !== null || policy.recordsRiskShares) return null;
  const key = JSON.stringify({ policy, firstBar }, exactly);
  if (memo.policy !== key) {
    memo.policy = key;
    memo.cells = 0;
    memo.aims.clear();
  }
  return memo;
}

/**
 * Keeps an aim without its covariance, which would hold on to a whole window of returns.
 *
 * @param key the bar and who takes part in it
 */
export function keepAim(memo: AimMemo, key: string, aim: SleeveAim): void {
  if (memo.cells + aim.cuts.length > MOST_CELLS) return;
  memo.cells += aim.cuts.length;
  memo.aims.set(key, { ...aim, covariance: covarianceNotKept });
}

function covarianceNotKept(): never {
  throw new Error("aim-memo: asked for the covariance of an aim that was kept without it");
}

/** JSON has no infinities. */
function exactly(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
