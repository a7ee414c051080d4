/** Policies are checked once, where a run begins. */
import { InputError } from "../core/errors.ts";
import type { ExecutionPolicy, GuardRules, LiquidityModel, MarginRules, StopRules } from "./policy.ts";

type Rule = (where: string, got: number, holds: boolean, expected: string) => void;

/** @throws InputError naming the first number that is out of its range */
export function checkPolicy(policy: ExecutionPolicy, assets: number): void {
  const rule: Rule = (where, got, holds, expected) => {
    if (!holds) throw InputError.of({ where, rule: expected, got });
  };
  const perSide = (where: string, bps: number | readonly number[]) => {
    if (typeof bps !== "number")
      rule(where, bps.length, bps.length === assets, `must have one number for each of the ${assets} assets`);
    for (const each of typeof bps === "number" ? [bps] : bps)
      rule(where, each, each >= 0 && each < 1e4, "must be in [0, 10000) bps");
  };
  const { costs } = policy;
  const positive = policy.initialCash > 0 && policy.initialCash < Number.POSITIVE_INFINITY;
  rule("initial cash", policy.initialCash, positive, "must be > 0 and finite");
  perSide("fee", costs.feeBps);
  perSide("slippage", costs.slippageBps);
  rule(
    "minimum fee",
    costs.minFee,
    costs.minFee >= 0 && costs.minFee < Number.POSITIVE_INFINITY,
    "must be >= 0 and finite",
  );
  rule(
    "borrow rate per bar",
    costs.borrowPerBar,
    costs.borrowPerBar >= 0 && costs.borrowPerBar < 1,
    "must be in [0, 1)",
  );
  rule("rebalance threshold", policy.rebalanceThreshold, policy.rebalanceThreshold >= 0, "must be >= 0");
  rule("max leverage", policy.maxLeverage, policy.maxLeverage > 0, "must be > 0");
  rule(
    "delist after bars",
    policy.delistAfterBars,
    policy.delistAfterBars >= 1 && Number.isInteger(policy.delistAfterBars),
    "must be a whole number >= 1",
  );
  rule(
    "delist haircut",
    policy.delistHaircut,
    policy.delistHaircut >= 0 && policy.delistHaircut <= 1,
    "must be in [0, 1]",
  );
  if (policy.stops !== null) checkStops(policy.stops, rule);
  if (policy.margin !== null) checkMargin(policy.margin, rule);
  if (policy.guards !== null) checkGuards(policy.guards, rule);
  if (costs.liquidity !== null) checkLiquidity(costs.liquidity, rule);
}

function checkLiquidity(liquidity: LiquidityModel, rule: Rule): void {
  rule("impact coefficient", liquidity.impactCoefficient, liquidity.impactCoefficient >= 0, "must be >= 0");
  rule("participation cap", liquidity.participationCap, liquidity.participationCap > 0, "must be > 0");
  rule(
    "volatility bars",
    liquidity.volatilityBars,
    liquidity.volatilityBars >= 2 && Number.isInteger(liquidity.volatilityBars),
    "must be a whole number >= 2",
  );
  rule(
    "ADV bars",
    liquidity.advBars,
    liquidity.advBars >= 1 && Number.isInteger(liquidity.advBars),
    "must be a whole number >= 1",
  );
}

function checkStops(stops: StopRules, rule: Rule): void {
  const { stopLoss, takeProfit, trailing, atrMultiple, atrBars } = stops;
  const belowOne = (x: number) => x > 0 && (x < 1 || x === Number.POSITIVE_INFINITY);
  rule("stop loss", stopLoss, belowOne(stopLoss), "must be in (0, 1), or Infinity for none");
  rule("take profit", takeProfit, takeProfit > 0, "must be > 0");
  rule("trailing stop", trailing, belowOne(trailing), "must be in (0, 1), or Infinity for none");
  rule("ATR multiple", atrMultiple, atrMultiple > 0, "must be > 0");
  rule("ATR bars", atrBars, atrBars >= 1 && Number.isInteger(atrBars), "must be a whole number >= 1");
}

function checkMargin({ initialRate, maintenanceRate }: MarginRules, rule: Rule): void {
  rule("initial margin", initialRate, initialRate > 0 && initialRate <= 1, "must be in (0, 1]");
  rule(
    "maintenance margin",
    maintenanceRate,
    maintenanceRate >= 0 && maintenanceRate < initialRate,
    `must be >= 0 and below the initial margin ${initialRate}`,
  );
}

function checkGuards({ lossLimit, drawdownLimit, flatBars }: GuardRules, rule: Rule): void {
  const belowOne = (x: number) => x > 0 && (x < 1 || x === Number.POSITIVE_INFINITY);
  rule("system stop loss", lossLimit, belowOne(lossLimit), "must be in (0, 1), or Infinity for none");
  rule("kill switch drawdown", drawdownLimit, belowOne(drawdownLimit), "must be in (0, 1), or Infinity for none");
  const whole = Number.isInteger(flatBars) || flatBars === Number.POSITIVE_INFINITY;
  rule("kill switch flat bars", flatBars, flatBars >= 1 && whole, "must be a whole number >= 1, or Infinity");
}
