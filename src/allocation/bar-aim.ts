/** What a method says of some sleeves at one bar of a run: from a memo that runs share, or from the rows up to the bar. */
import { groupsAmong, valuesAt } from "./active-sleeves.ts";
import { aimSleeves, type SleeveAim } from "./aim-sleeves.ts";
import type { CovarianceEstimate } from "./estimators/covariance.ts";
import { keepAnswer, knownAim, questionAt } from "./plan-memo.ts";
import type { AllocationInputs, AllocationPolicy } from "./plan-step.ts";
import { type KnownEstimates, windowEstimates } from "./window-estimates.ts";

/**
 * The aim of these participants at bar t, whatever the last plan was.
 *
 * @param participants positions among all assets, ascending
 * @param covariance   of the participants where that is known
 */
export function aimAt(
  inputs: AllocationInputs,
  policy: AllocationPolicy,
  t: number,
  participants: readonly number[],
  covariance: CovarianceEstimate | null,
): SleeveAim {
  const memo = inputs.memo ?? null;
  if (memo === null) return newAim(inputs, policy, t, participants, covariance);
  const question = questionAt(memo, t, participants);
  const known = knownAim(memo, question);
  if (known !== null) return known;
  const aim = newAim(inputs, policy, t, participants, covariance, question.estimates);
  // The scale asks for it next: known by now, it counts among what is kept.
  if (policy.volatilityTarget !== null && aim.weights !== null) aim.covariance();
  keepAnswer(memo, t, question, aim);
  return aim;
}

function newAim(
  inputs: AllocationInputs,
  policy: AllocationPolicy,
  t: number,
  participants: readonly number[],
  covariance: CovarianceEstimate | null,
  known?: KnownEstimates,
): SleeveAim {
  const { axes, returns, strength } = inputs;
  const assets = axes.assets.length;
  const from = Math.max(0, t - policy.lookbackBars + 1);
  const rows = () => ({
    returns: returns.subarray(from * assets, (t + 1) * assets),
    bars: t - from + 1,
    count: assets,
  });
  const posterior = inputs.posterior ?? null;
  return aimSleeves(
    {
      estimates: windowEstimates(rows, participants, policy, known, covariance),
      strength: () => valuesAt(strength.subarray(t * assets, (t + 1) * assets), participants).map(Math.abs),
      posterior:
        posterior === null
          ? null
          : {
              regimes: posterior.regimes,
              values: posterior.values.subarray(from * posterior.regimes, (t + 1) * posterior.regimes),
            },
      trades: null,
      bounds: inputs.memo?.bounds,
      linearProgram: inputs.linearProgram ?? null,
      nameOf: (k) => axes.assets[participants[k]!]!,
    },
    policy.constraints.groups.length === 0
      ? policy
      : {
          ...policy,
          constraints: { ...policy.constraints, groups: groupsAmong(policy.constraints.groups, participants) },
        },
  );
}
