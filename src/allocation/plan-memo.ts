/** What several runs over one market have in common: estimates of the same windows, aims of the same method at the same
 *  bar over the same sleeves. Trials that differ in method or in who is selected ask the same questions again and again.
 *  Estimates are remembered for one lookback and its estimators, aims for one policy. */
import type { Floats } from "../core/panel.ts";
import type { SleeveAim } from "./aim-sleeves.ts";
import type { AllocationPolicy } from "./plan-step.ts";
import type { WeightBounds } from "./weight-bounds.ts";
import { estimateCells, type KnownEstimates, nothingKnown } from "./window-estimates.ts";

/** Some sleeves at one bar. */
export interface KnownQuestion {
  readonly participants: readonly number[];
  /** The same for the same participants, and seldom for others. */
  readonly mark: number;
  readonly estimates: KnownEstimates;
  /** Of the policy with this number; null = none was kept. */
  aim: SleeveAim | null;
  policy: number;
  /** Numbers kept for it; 0 = it is not kept. */
  cells: number;
}

export interface PlanMemo {
  /** [T*N] simple returns of the market. */
  readonly returns: Floats;
  /** By bar, the last one asked at its end. */
  readonly questions: Map<number, KnownQuestion[]>;
  /** Numbers kept. */
  cells: number;
  /** What the estimates are of. */
  estimators: string;
  /** The policy aims are of, and how many there were. */
  policyKey: string;
  policy: number;
  /** False where aims are not alike for all, so that none is kept. */
  keepsAims: boolean;
  /** Of the policy, by number of sleeves. */
  readonly bounds: Map<number, WeightBounds>;
}

/** Numbers kept at most, 64 MB of them. */
const MOST_CELLS = 1 << 23;
/** What a question takes beside its numbers, as if it were so many. */
const QUESTION_CELLS = 64;

/** @param returns [T*N] of the market; a memo is good for that one, posterior and all */
export function createPlanMemo(returns: Floats): PlanMemo {
  return {
    returns,
    questions: new Map(),
    cells: 0,
    estimators: "",
    policyKey: "",
    policy: 0,
    keepsAims: false,
    bounds: new Map(),
  };
}

/**
 * Makes the memo that of a policy: aims of another are forgotten, and estimates where they are of other windows or by
 * other estimators. No aim is kept for a plan that asks for its covariance after it.
 */
export function openPlanMemo(memo: PlanMemo, policy: AllocationPolicy, firstBar: number): void {
  const { lookbackBars, covariance, parameters } = policy;
  const { riskFree, volatility } = parameters;
  const estimators = JSON.stringify({ lookbackBars, covariance, riskFree, volatility }, exactly);
  if (memo.estimators !== estimators) {
    memo.estimators = estimators;
    memo.cells = 0;
    memo.questions.clear();
  }
  const key = JSON.stringify({ policy, firstBar }, exactly);
  if (memo.policyKey !== key) {
    memo.policyKey = key;
    memo.policy++;
    memo.bounds.clear();
  }
  memo.keepsAims = policy.volatilityTarget === null && policy.records !== "risk_shares";
}

/** What is known of these participants at bar t; a question with nothing known, and not kept yet, where nobody asked. */
export function questionAt(memo: PlanMemo, t: number, participants: readonly number[]): KnownQuestion {
  const asked = memo.questions.get(t);
  const mark = markOf(participants);
  if (asked !== undefined)
    for (let i = asked.length - 1; i >= 0; i--) {
      const question = asked[i]!;
      if (question.mark !== mark || !areSame(question.participants, participants)) continue;
      // The next run is like this one: what it asks comes first.
      asked[i] = asked[asked.length - 1]!;
      asked[asked.length - 1] = question;
      return question;
    }
  return { participants, mark, estimates: nothingKnown(), aim: null, policy: -1, cells: 0 };
}

function markOf(participants: readonly number[]): number {
  let mark = participants.length;
  for (let i = 0; i < participants.length; i++) mark = (Math.imul(mark, 31) + participants[i]!) | 0;
  return mark;
}

/** The aim under the memo's policy; null where it is not known. */
export function knownAim(memo: PlanMemo, { aim, policy }: KnownQuestion): SleeveAim | null {
  return memo.keepsAims && policy === memo.policy ? aim : null;
}

/** Keeps what became known of a question while there is room; no aim that follows a signal, which other runs need not
 *  share, and any other without its covariance, which is read from the estimates or not at all. */
export function keepAnswer(memo: PlanMemo, t: number, question: KnownQuestion, aim: SleeveAim): void {
  const { estimates } = question;
  const isNew = question.cells === 0;
  const keepsAim = memo.keepsAims && !aim.followsStrength;
  const aimCells = QUESTION_CELLS + (keepsAim ? 2 * question.participants.length : 0);
  let cells = aimCells + estimateCells(estimates);
  if (memo.cells - question.cells + cells > MOST_CELLS) {
    Object.assign(estimates, nothingKnown());
    cells = aimCells;
  }
  if (isNew && memo.cells + cells > MOST_CELLS) return;
  memo.cells += cells - question.cells;
  question.cells = cells;
  question.aim = keepsAim ? { ...aim, covariance: covarianceNotKept } : null;
  question.policy = memo.policy;
  if (!isNew) return;
  const asked = memo.questions.get(t);
  if (asked === undefined) memo.questions.set(t, [question]);
  else asked.push(question);
}

function areSame(left: readonly number[], right: readonly number[]): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

function covarianceNotKept(): never {
  throw new Error("plan-memo: asked for the covariance of an aim that was kept without it");
}

/** JSON has no infinities. */
function exactly(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
