/** A batch is checked once, where it begins. */
import { InputError } from "../core/errors.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import type { BatchWeights } from "./batch-weights.ts";
import { checkPanels } from "./check-panels.ts";
import { checkPolicy } from "./check-policy.ts";
import type { ExecutionPolicy } from "./policy.ts";
import type { ExecutionPanels } from "./step-context.ts";

export interface CheckedBatch {
  /** P */
  readonly configs: number;
  /** [P] */
  readonly policies: readonly ExecutionPolicy[];
}

/** @throws InputError when counts or lengths disagree, or a policy number or move fraction is out of its range */
export function checkBatch(
  market: Ohlcv,
  weights: BatchWeights,
  policies: ExecutionPolicy | readonly ExecutionPolicy[],
  panels: ExecutionPanels,
): CheckedBatch {
  const cells = market.open.length;
  const list = Array.isArray(policies) ? (policies as readonly ExecutionPolicy[]) : null;
  const configs = weights instanceof Float64Array ? configsIn(weights, cells, list) : weights.configs;
  if (!Number.isInteger(configs) || configs < 0)
    throw InputError.of({ where: "configs", rule: "must be a whole number >= 0", got: configs });
  if (list !== null && list.length !== configs)
    throw InputError.of({ where: "policies", rule: `must be one, or ${configs}, one a config`, got: list.length });
  if (weights instanceof Float64Array && weights.length !== configs * cells)
    throw InputError.of({ where: "weights", rule: `must have ${configs} x ${cells} cells`, got: weights.length });
  const each = list ?? new Array<ExecutionPolicy>(configs).fill(policies as ExecutionPolicy);
  const checked = new Set<ExecutionPolicy>();
  for (const [p, policy] of each.entries()) {
    if (checked.has(policy)) continue;
    naming(list === null ? null : p, () => {
      checkPolicy(policy, market.axes.assets.length);
      checkPanels(panels, market.axes, policy);
    });
    checked.add(policy);
  }
  return { configs, policies: each };
}

/** Without a list of policies the length says how many configs there are. */
function configsIn(weights: Float64Array, cells: number, list: readonly unknown[] | null): number {
  if (list !== null) return list.length;
  if (cells === 0) return weights.length === 0 ? 1 : 0;
  if (weights.length % cells !== 0)
    throw InputError.of({ where: "weights", rule: `must have a multiple of ${cells} cells`, got: weights.length });
  return weights.length / cells;
}

/** Does something for one config; bad input then says which (null: for all of them). */
export function naming<T>(config: number | null, action: () => T): T {
  if (config === null) return action();
  try {
    return action();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.faults.map((fault) => ({ ...fault, where: `config ${config}, ${fault.where}` })));
  }
}
