/** The `ranking` block of an experiment as the policy the ranking stage runs. */
import type { RankingPolicy } from "../ranking/composite-score.ts";
import type { RankingLeg } from "../ranking/feature-weighted-rank.ts";
import type { RankingBlock } from "./ranking-schema.ts";

export function rankingPolicy({ short, long, alpha }: RankingBlock): RankingPolicy {
  return { short: rankingLeg(short), long: rankingLeg(long), alpha };
}

function rankingLeg(leg: RankingBlock["short"]): RankingLeg | null {
  if (leg === undefined) return null;
  return {
    featureWeights: leg.feature_weights,
    normaliser: { kind: leg.normaliser, winsorTail: leg.winsor_tail },
    minCoverage: leg.min_coverage,
  };
}
