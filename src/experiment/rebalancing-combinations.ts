/** Rules between keys of the `rebalancing` block, and between it and the rest, that are each valid alone. */
import type { PathFault } from "./config-faults.ts";
import { REST_GROUP, type RebalancingBlock } from "./rebalancing-schema.ts";

/** What the rules look at. */
export interface RebalancingContext {
  readonly rebalancing?: RebalancingBlock | undefined;
  readonly portfolio: { readonly execution_mode: string };
}

export function rebalancingFaults({ rebalancing, portfolio }: RebalancingContext): PathFault[] {
  if (rebalancing === undefined) return [];
  const { trigger, interval, threshold, drift, groups = {} } = rebalancing;
  const faults: PathFault[] = [];
  const rule = (broken: boolean, key: keyof RebalancingBlock, text: string, got?: PathFault["got"]) => {
    if (broken) faults.push({ path: ["rebalancing", key], rule: text, got });
  };
  const weighs = trigger !== "calendar";
  rule(weighs && threshold === undefined, "trigger", "needs a `threshold` that drift is compared with", trigger);
  rule(
    !weighs && threshold !== undefined,
    "threshold",
    "is read only by the triggers `threshold` and `hybrid`",
    threshold,
  );
  rule(!weighs && drift !== undefined, "drift", "is read only by the triggers `threshold` and `hybrid`", drift);
  rule(
    trigger === "hybrid" && interval === undefined,
    "trigger",
    "needs an `interval`; at every bar it would be `threshold`",
    trigger,
  );
  rule(
    trigger === "threshold" && interval !== undefined,
    "interval",
    "is not read by the trigger `threshold`, which looks at every bar; `hybrid` reads both",
    interval,
  );
  if (portfolio.execution_mode === "signals")
    faults.push({
      path: ["rebalancing"],
      rule: "needs portfolio.execution_mode `orders`: signals only enter, exit and turn round",
    });
  return [...faults, ...groupFaults(groups)];
}

/** Symbols of two groups, and names that stand for something else. */
export function groupFaults(groups: Readonly<Record<string, readonly string[]>>): PathFault[] {
  const faults: PathFault[] = [];
  const placed = new Map<string, string>();
  for (const [name, members] of Object.entries(groups)) {
    const path = ["rebalancing", "groups", name];
    if (name === "") faults.push({ path, rule: "needs a name" });
    if (name === REST_GROUP) faults.push({ path, rule: "is what symbols of no group are called; name it otherwise" });
    if (name === "global") faults.push({ path, rule: "is what the whole book is called; name it otherwise" });
    for (const member of members) {
      const other = placed.get(member);
      if (other !== undefined) faults.push({ path, rule: `has a symbol that is in ${other} already`, got: member });
      else placed.set(member, name);
    }
  }
  return faults;
}
