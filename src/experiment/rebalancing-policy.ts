/** The `rebalancing` block as the policy the rebalancing stage runs, once the symbols are known. */
import { type Fault, InputError, nearestName } from "../core/errors.ts";
import type { RebalancingPolicy } from "../rebalancing/rebalancing-policy.ts";
import { groupFaults } from "./rebalancing-combinations.ts";
import { REBALANCING_DEFAULTS, REST_GROUP, type RebalancingBlock } from "./rebalancing-schema.ts";

/**
 * @param assets [N] symbols, in the order of the axes
 * @throws InputError for a group with a symbol that is not among them, or is in another group
 */
export function rebalancingPolicy(block: RebalancingBlock, assets: readonly string[]): RebalancingPolicy {
  const { trigger, threshold, split } = block;
  return {
    trigger,
    interval: block.interval ?? REBALANCING_DEFAULTS.interval,
    gate:
      trigger === "calendar" || threshold === undefined
        ? null
        : { measure: block.drift ?? REBALANCING_DEFAULTS.drift, threshold },
    debounceBars: block.debounce_bars,
    split,
    ...grouping(block.groups ?? {}, assets),
  };
}

/** Every asset in the group that names it; those of none in a group of their own, after the others. */
function grouping(
  groups: NonNullable<RebalancingBlock["groups"]>,
  assets: readonly string[],
): Pick<RebalancingPolicy, "groups" | "groupOf"> {
  const names = Object.keys(groups);
  const groupOf = new Int32Array(assets.length);
  if (names.length === 0) return { groups: [], groupOf };
  const faults: Fault[] = groupFaults(groups).map(({ path, rule, got }) => ({ where: path.join("."), rule, got }));
  const position = new Map(assets.map((symbol, n) => [symbol, n]));
  groupOf.fill(names.length);
  for (const [g, name] of names.entries())
    for (const member of groups[name]!) {
      const n = position.get(member);
      if (n !== undefined) groupOf[n] = g;
      else
        faults.push({
          where: `rebalancing.groups.${name}`,
          rule: "has a member that is not in the data",
          got: member,
          suggestion: nearestName(member, assets),
        });
    }
  if (faults.length > 0) throw new InputError(faults);
  return { groups: groupOf.includes(names.length) ? [...names, REST_GROUP] : names, groupOf };
}
