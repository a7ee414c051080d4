/** Weighting policies and inputs for tests, everything off that a test does not name. */
import type { AllocationInputs, AllocationPolicy } from "../../src/allocation/plan-step.ts";
import type { AllocationConstraints, MethodParameters } from "../../src/allocation/policy.ts";
import type { Ohlcv } from "../../src/core/ohlcv.ts";
import type { Floats } from "../../src/core/panel.ts";
import { simpleReturns } from "../../src/math/returns.ts";
import { longOnly } from "../../src/signal/long-only.ts";

const OFF = Number.POSITIVE_INFINITY;

export function parametersOf(changes: Partial<MethodParameters> = {}): MethodParameters {
  return {
    riskFree: 0,
    volatility: { kind: "sample" },
    riskParity: { mode: "erc" },
    hrp: { linkage: "single", leafOrder: "dendrogram" },
    mv: { objective: "min_var", expectedReturnSource: "mean", meanShrinkage: 0 },
    kelly: { fraction: 0.5, edgeSource: "mean_variance", base: "equal_weight", drawdownLimit: 0.5 },
    moe: { temperature: 1, smoothingHalfLifeBars: null },
    cdarTail: 0.05,
    ...changes,
  };
}

export function constraintsOf(changes: Partial<AllocationConstraints> = {}): AllocationConstraints {
  return {
    maxWeight: 1,
    minWeight: 0,
    allowShort: false,
    groups: [],
    maxTurnover: null,
    smoothingHalfLifeBars: null,
    minActive: 1,
    minHistoryBars: 2,
    minTrades: 0,
    maxDrawdown: OFF,
    maxExpectedShortfall: OFF,
    maxLeverage: OFF,
    ...changes,
  };
}

export function allocationPolicyOf(changes: Partial<AllocationPolicy> = {}): AllocationPolicy {
  return {
    method: "equal_weight",
    covariance: { kind: "sample" },
    parameters: parametersOf(),
    constraints: constraintsOf(),
    volatilityTarget: null,
    tier: "standard",
    lookbackBars: 3,
    rebalanceBars: 1,
    applyScale: false,
    redistribute: false,
    records: "risk_shares",
    ...changes,
  };
}

/** A market's closes as allocation sees them; full strength in what is listed unless said otherwise. */
export function allocationInputs(market: Ohlcv, strength: Floats = longOnly(market)): AllocationInputs {
  const { axes, close } = market;
  const returns = new Float64Array(close.length);
  simpleReturns(close, axes.assets.length, returns);
  return { axes, listed: close, returns, strength };
}
