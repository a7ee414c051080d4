/** What the overfitting figures say of the best trial, in words. The bounds are conventions, printed with the words:
 *  a deflated Sharpe ratio of 95% is the level of a one-sided test, a PBO of a half is a coin toss. */
import type { OverfittingRecord } from "../../core/sweep-record.ts";
import { formatPercent, formatWhole, formatWholePercent } from "../number-format.ts";

const CONVINCING = { deflatedSharpe: 0.95, pbo: 0.2 } as const;
const LUCK = { deflatedSharpe: 0.5, pbo: 0.5 } as const;

/** `stands`: both figures convince; `luck`: one of them says chance is as good an explanation; `open`: neither;
 *  `unknown`: one is missing and the other does not condemn. */
export type Judgement = "stands" | "luck" | "open" | "unknown";

export interface Verdict {
  readonly judgement: Judgement;
  readonly title: string;
  /** Plain text, a sentence each. */
  readonly reasons: readonly string[];
}

const TITLES: Readonly<Record<Judgement, string>> = {
  stands: "Unlikely to be luck",
  luck: "Do not trust it",
  open: "Not settled",
  unknown: "Cannot be judged",
};

/** @param overfitting null when it was not computed */
export function judge(overfitting: OverfittingRecord | null): Verdict {
  if (overfitting === null)
    return {
      judgement: "unknown",
      title: TITLES.unknown,
      reasons: ["Nothing was computed that would tell the best trial from luck."],
    };
  const judgement = judgementOf(overfitting);
  return { judgement, title: TITLES[judgement], reasons: [deflatedWords(overfitting), pboWords(overfitting)] };
}

/** The bounds the judgement goes by, in a sentence. */
export const BOUNDS_TEXT: string =
  `Unlikely to be luck: a deflated Sharpe ratio of at least ${formatWholePercent(CONVINCING.deflatedSharpe)} and a PBO of at most ` +
  `${formatWholePercent(CONVINCING.pbo)}. Not to be trusted: a deflated Sharpe ratio below ${formatWholePercent(LUCK.deflatedSharpe)} or a PBO of ` +
  `${formatWholePercent(LUCK.pbo)} and more. Between them it is not settled.`;

/** How many tries the best is measured against: the clusters where they were counted, else every trial ever run. */
export function independentTrials({ trials, effectiveTrials }: OverfittingRecord): number {
  return effectiveTrials === effectiveTrials ? effectiveTrials : trials;
}

/** The deflated Sharpe ratio for as many tries. */
export function judgedSharpe({ deflatedSharpe, effectiveTrials, deflatedSharpeEffective }: OverfittingRecord): number {
  return effectiveTrials === effectiveTrials ? deflatedSharpeEffective : deflatedSharpe;
}

function judgementOf(overfitting: OverfittingRecord): Judgement {
  const { pbo } = overfitting;
  const deflatedSharpe = judgedSharpe(overfitting);
  if (deflatedSharpe < LUCK.deflatedSharpe || pbo >= LUCK.pbo) return "luck";
  if (deflatedSharpe !== deflatedSharpe || pbo !== pbo) return "unknown";
  return deflatedSharpe >= CONVINCING.deflatedSharpe && pbo <= CONVINCING.pbo ? "stands" : "open";
}

function deflatedWords(overfitting: OverfittingRecord): string {
  const { trials, effectiveTrials } = overfitting;
  const deflatedSharpe = judgedSharpe(overfitting);
  if (deflatedSharpe !== deflatedSharpe) return "The deflated Sharpe ratio cannot be computed on these trials.";
  const clusters =
    effectiveTrials === effectiveTrials
      ? `; ${formatPercent(overfitting.deflatedSharpe)} if each of the ${formatWhole(trials)} trials ever run on these data counts as a try of its own`
      : "";
  return (
    `Deflated Sharpe ratio ${formatPercent(deflatedSharpe)}: the probability that the best trial's true Sharpe ratio lies above ` +
    `what the luckiest of ${formatWhole(independentTrials(overfitting))} skill-less tries would show${clusters}.`
  );
}

function pboWords({ pbo, splits }: OverfittingRecord): string {
  if (pbo !== pbo) return "The probability of backtest overfitting cannot be computed on these trials.";
  return (
    `Probability of backtest overfitting ${formatPercent(pbo)}: in that share of ${formatWhole(splits)} splits of the bars, the trial that was ` +
    `best on one half fell to the lower half of all trials on the other.`
  );
}
