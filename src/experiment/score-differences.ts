/** Every scorer's rank ICs against those of one of them, on the dates that both have. */
import type { ComparedScorer, DifferenceStatistics, ScorerDifference } from "../core/model-comparison.ts";
import type { ModelRecord, ScorerEvaluation } from "../core/model-record.ts";
import { icDifference } from "../models/ic-difference.ts";

/** @returns by scorer and horizon in the order of the record; none for `against` itself */
export function scoreDifferences(
  { evaluations, axes, holdoutBar }: ModelRecord,
  against: ComparedScorer,
): ScorerDifference[] {
  const bars = axes.time.length;
  const isOwn = ({ kind, name }: ComparedScorer) => kind === against.kind && name === against.name;
  return evaluations.flatMap((one) => {
    const other = evaluations.find(
      (candidate) => isOwn(candidate) && candidate.score === one.score && candidate.horizon === one.horizon,
    );
    if (other === undefined || isOwn(one)) return [];
    const between = (from: number, to: number): DifferenceStatistics =>
      icDifference(series(one, bars, from, to), series(other, bars, from, to), one.horizonBars - 1);
    const { kind, name, label, score, horizon, horizonBars } = one;
    return [
      {
        kind,
        name,
        label,
        score,
        horizon,
        horizonBars,
        development: between(0, holdoutBar ?? bars),
        holdout: one.holdout === null ? null : between(holdoutBar ?? bars, bars),
      },
    ];
  });
}

/** [T] rank ICs of bars from .. to - 1, NaN elsewhere. */
function series({ bars, rankIc }: ScorerEvaluation, T: number, from: number, to: number): Float64Array {
  const out = new Float64Array(T).fill(Number.NaN);
  for (const [d, bar] of bars.entries()) if (bar >= from && bar < to) out[bar] = rankIc[d]!;
  return out;
}
