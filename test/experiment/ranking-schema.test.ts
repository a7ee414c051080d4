import { expect, test } from "vitest";
import { z } from "zod";
import { rankingPolicy } from "../../src/experiment/ranking-policy.ts";
import { ranking } from "../../src/experiment/ranking-schema.ts";
import { parseStrictYaml } from "../../src/experiment/strict-yaml.ts";

const schema = z.strictObject({ ranking });
const policy = (yaml: string) =>
  rankingPolicy(parseStrictYaml(`ranking: ${yaml}\n`, "x.yaml", [], { schema, least: "`ranking`" }).ranking);

test("each leg has its weights, and percentile ranks where nothing else is said", () => {
  expect(
    policy(
      "{short: {feature_weights: {momentum_60: 1, volatility_20: -0.5}}, long: {feature_weights: {value: 2}, normaliser: winsor, winsor_tail: 0.1, min_coverage: 1}, alpha: 0.3}",
    ),
  ).toEqual({
    short: {
      featureWeights: { momentum_60: 1, volatility_20: -0.5 },
      normaliser: { kind: "rank", winsorTail: 0.05 },
      minCoverage: 0.5,
    },
    long: { featureWeights: { value: 2 }, normaliser: { kind: "winsor", winsorTail: 0.1 }, minCoverage: 1 },
    alpha: 0.3,
  });
});

test("one leg is enough", () => {
  expect(policy("{long: {feature_weights: {value: 2}}}")).toMatchObject({ short: null, alpha: 0.5 });
});

test.each([
  ["{}", "ranking: needs a `short` or a `long` leg"],
  ["{short: {feature_weights: {}}}", "ranking.short.feature_weights: must give at least one feature a weight other"],
  [
    "{short: {feature_weights: {a: 0}}}",
    "ranking.short.feature_weights: must give at least one feature a weight other",
  ],
  ["{short: {feature_weights: {a: high}}}", 'ranking.short.feature_weights.a: must be a number, got "high"'],
  [
    "{short: {feature_weights: {a: 1}, normalizer: rank}}",
    'ranking.short.normalizer: unknown key, expected one of feature_weights, normaliser, winsor_tail, min_coverage, did you mean "normaliser"?',
  ],
  [
    "{short: {feature_weights: {a: 1}, normaliser: ranks}}",
    'ranking.short.normaliser: must be one of rank, zscore, winsor, got "ranks", did you mean "rank"?',
  ],
  ["{short: {feature_weights: {a: 1}, winsor_tail: 0.5}}", "ranking.short.winsor_tail: must be below 0.5, got 0.5"],
  ["{short: {feature_weights: {a: 1}}, alpha: 2}", "ranking.alpha: must be at most 1, got 2"],
])("refuses %s", (yaml, message) => {
  expect(() => policy(yaml)).toThrow(`x.yaml:1 ${message}`);
});
