/** The engine's definition in plain TypeScript: one fold over bars. A decision of the close of t-1 is
 *  traded at the open of t; equity is marked at the close. Faster paths are tested against this one. */
import type { Account, TargetWeights } from "../core/contracts.ts";
import { InputError } from "../core/errors.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Axes } from "../core/panel.ts";
import { initAccount } from "./account-state.ts";
import { cellName, checkPanels } from "./check-panels.ts";
import { checkPolicy } from "./check-policy.ts";
import { costSchedule } from "./cost-schedule.ts";
import { createFillLog } from "./fill-log.ts";
import { type ExecutionPolicy, leverageCap } from "./policy.ts";
import { stepAccount } from "./step.ts";
import { type BarInputs, createScratch, type ExecutionPanels, type Ledger, type StepContext } from "./step-context.ts";
import { averageTrueRange } from "./true-range.ts";

/**
 * Simulates target weights on one market.
 *
 * @param market  prices [T*N]; a missing open means the asset cannot trade that bar
 * @param targets on the same axes as the market
 * @param panels  funding rates and move fractions, where there are any
 * @returns the account, every plane fully written
 * @throws InputError when targets stand on other axes or are infinite, or a policy number is out of its range
 */
export function simulate(
  market: Ohlcv,
  targets: TargetWeights,
  policy: ExecutionPolicy,
  panels: ExecutionPanels = {},
): Account {
  if (targets.axes !== market.axes)
    throw InputError.of({ where: "simulate", rule: "targets and prices must share one Axes object" });
  checkTargets(targets);
  checkPolicy(policy, market.axes.assets.length);
  checkPanels(panels, targets.axes, policy);
  const bars = market.axes.time.length;
  const assets = market.axes.assets.length;
  const ledger = createLedger(market.axes);
  const context = stepContext(market, policy, ledger);
  const inputs = barInputs(market, targets, policy, panels);
  const state = initAccount(policy, assets);
  for (let t = 0; t < bars; t++) stepAccount(state, t, inputs, context);
  for (let n = 0; n < assets; n++) {
    const target = state.pending[n]!;
    if (target === target && (target !== 0 || state.units[n] !== 0))
      ledger.events.push({
        kind: "unfilled_target",
        bar: bars - 1,
        asset: n,
        value: target,
        detail: "not traded, or only in part, by the end: no price, or a market that could not take it",
      });
  }
  return { ...ledger, fills: context.fills.finish(), finalUnits: state.units };
}

/** What every step of a run reads. */
export function barInputs(
  market: Ohlcv,
  targets: TargetWeights,
  policy: ExecutionPolicy,
  panels: ExecutionPanels = {},
): BarInputs {
  const { open, high, low, close } = market;
  const fill = policy.priceType === "next_open" ? open : close;
  const { fundingRate = null, moves = null } = panels;
  return { open, high, low, close, fill, targets: targets.values, fundingRate, moves };
}

/** What every step of a run uses, with an empty log of fills. */
export function stepContext(market: Ohlcv, policy: ExecutionPolicy, ledger: Ledger): StepContext {
  const { stops } = policy;
  const usesAtr = stops !== null && stops.atrMultiple < Number.POSITIVE_INFINITY;
  return {
    policy: { ...policy, maxLeverage: leverageCap(policy) },
    atr: usesAtr ? averageTrueRange(market, stops.atrBars) : null,
    schedule: costSchedule(market, policy.costs),
    ledger,
    fills: createFillLog(),
    scratch: createScratch(market.axes.assets.length),
  };
}

/** Every plane at zero, for steps to write. */
export function createLedger(axes: Axes): Ledger {
  const bars = axes.time.length;
  const plane = () => new Float64Array(bars);
  return {
    axes,
    equity: plane(),
    cash: plane(),
    grossExposure: plane(),
    turnover: plane(),
    fees: plane(),
    slippage: plane(),
    impact: plane(),
    funding: plane(),
    borrow: plane(),
    liquidationLoss: plane(),
    positionPnl: plane(),
    writeOff: plane(),
    heldWeights: new Float64Array(bars * axes.assets.length),
    events: [],
    ruinBar: -1,
  };
}

function checkTargets({ axes, values }: TargetWeights): void {
  const assets = axes.assets.length;
  const cells = axes.time.length * assets;
  if (values.length !== cells)
    throw InputError.of({ where: "targets", rule: `must have ${cells} cells`, got: values.length });
  const infinite = values.findIndex((x) => Math.abs(x) === Number.POSITIVE_INFINITY);
  if (infinite < 0) return;
  throw InputError.of({
    where: `targets, ${cellName(axes, infinite)}`,
    rule: "must be finite, or NaN for no decision",
    got: values[infinite]!,
  });
}
