/** Why a state changed or did not, in words with their numbers. */
import type { SelectionEventKind } from "../core/selection-record.ts";
import type { TransitionPolicy } from "./selector-policy.ts";

/** One asset at one bar, before the change takes effect. */
export interface AssetFacts {
  readonly score: number;
  readonly sharpe: number;
  readonly drawdown: number;
  /** Bars in a row below or above a threshold, as the state counts. */
  readonly count: number;
  readonly cooldown: number;
  readonly k: number;
}

/** What an event of one asset says. */
export function assetReason(kind: SelectionEventKind, facts: AssetFacts, policy: TransitionPolicy): string {
  const ramp = `${facts.k}/${policy.rampSteps}`;
  const low = `score ${short(facts.score)} below ${policy.excludeScore} for ${barsOf(facts.count)}`;
  const high = `score ${short(facts.score)} above ${policy.includeScore} for ${barsOf(facts.count)}`;
  switch (kind) {
    case "hard_exclusion":
      return `Sharpe ${short(facts.sharpe)} below ${policy.hardExcludeSharpe} and drawdown ${percent(facts.drawdown)} above ${percent(policy.hardExcludeDrawdown)}`;
    case "recover":
      return `${high}, ramp at ${ramp}`;
    case "relapse":
      return `${low}, ramp at ${ramp}`;
    case "cooldown":
      return `ramp at ${ramp}, score ${short(facts.score)}`;
    case "re_entry":
      return `${high}, after ${barsOf(facts.cooldown)} of cooldown`;
    case "active":
      return `ramp at ${ramp}`;
    case "held_by_min_active":
      return `${low}, kept by min_active_assets ${policy.minActiveAssets}`;
    default:
      return low;
  }
}

/** What an event of the whole universe says. */
export function universeReason(
  kind: SelectionEventKind,
  listed: number,
  takingPart: number,
  { minActiveAssets }: TransitionPolicy,
): string {
  if (kind === "all_excluded") return `the multiplier of every listed asset (${listed}) is 0`;
  if (kind === "all_excluded_ended") return `an asset has a multiplier above 0 again, ${listed} are listed`;
  return listed < minActiveAssets
    ? `listed assets: ${listed}, min_active_assets is ${minActiveAssets}`
    : `assets active or re-entering: ${takingPart} of ${listed}, min_active_assets is ${minActiveAssets}`;
}

function short(x: number): string {
  return String(Number(x.toFixed(4)));
}

function percent(x: number): string {
  return `${Number((100 * x).toFixed(2))}%`;
}

function barsOf(count: number): string {
  return count === 1 ? "1 bar" : `${count} bars`;
}
