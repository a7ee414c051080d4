/** The same experiment under several weighting methods, side by side. */

import type { ComparedMethod } from "../core/allocation-record.ts";
import type { Account } from "../core/contracts.ts";
import { accountMetrics } from "../metrics/summary.ts";
import type { Candidates } from "./candidates.ts";
import { type Decisions, decide } from "./decide.ts";
import type { DecisionInputs } from "./decision-inputs.ts";
import { ownMetrics } from "./own-metrics.ts";
import { defaultAllocation, type ExperimentConfig } from "./schema.ts";

/**
 * @param own      what the experiment's own method decided and came to; none of the others decides before it did
 * @param execute  simulates decisions under the experiment's own policy
 * @returns one entry a method, in the order of the config; none without a comparison
 */
export function compareMethods(
  config: ExperimentConfig,
  inputs: DecisionInputs,
  candidates: Candidates,
  own: { readonly decisions: Decisions; readonly account: Account },
  execute: (decisions: Decisions) => Account,
): ComparedMethod[] {
  const { firstBar } = own.decisions;
  const ownMethod = (config.allocation ?? defaultAllocation()).method;
  const compared: ComparedMethod[] = [];
  for (const method of config.comparison?.methods ?? []) {
    const isOwn = method === ownMethod;
    const decisions = isOwn ? own.decisions : decide(withMethod(config, method), inputs, candidates, firstBar);
    const account = isOwn ? own.account : execute(decisions);
    const { periodsPerYear } = inputs;
    const metrics = {
      ...accountMetrics(account, { periodsPerYear, riskFreeAnnual: config.metrics.risk_free }),
      ...ownMetrics(config, inputs.extensions.metrics, account, periodsPerYear, null),
    };
    const answered = decisions.allocation!.methods.filter((name) => name === method).length;
    compared.push({
      label: method,
      equity: account.equity,
      metrics,
      decisions: decisions.allocation!.bars.length,
      answered,
    });
  }
  return compared;
}

function withMethod(config: ExperimentConfig, method: string): ExperimentConfig {
  return { ...config, allocation: { ...(config.allocation ?? defaultAllocation()), method } };
}
