/** Where plans open: for decisions that wait for one, and, where plans are weighed as they open, for all standing
 *  targets. Groups that nothing sets apart share the plan of the whole book. */
import type { Floats } from "../core/panel.ts";
import { isPending } from "./debounce.ts";
import { beginPlan, type RebalancingBar } from "./plans.ts";
import { OPENS, OUTCOME } from "./rebalancing-state.ts";
import { BOOK, counted } from "./scope.ts";

const MAY = 1;
const WANTS = 2;

/**
 * Finds the groups on which a plan opens, before plans that end at this bar have made room.
 *
 * @param onTime true where the trigger lets plans open
 * @param listed as in RebalancingInputs
 */
export function findOpenings({ t, state, policy, out }: RebalancingBar, onTime: boolean, listed: Floats | null): void {
  const { opens, kept, outcome, plan, dueSince, confirmed, local } = state;
  for (let g = 0; g < opens.length; g++) {
    const pending = isPending(state, g);
    const redirected = outcome[BOOK] === OUTCOME.redirected || outcome[g + 1] === OUTCOME.redirected;
    opens[g] = !pending && !redirected && (onTime || kept[g] === 1) ? MAY : 0;
    kept[g] = pending && (onTime || kept[g] === 1) ? 1 : 0;
  }
  for (let n = 0; n < plan.length; n++) {
    const g = policy.groupOf[n]!;
    if (plan[n] !== 0) opens[g] = opens[g]! & ~MAY;
    else {
      const cell = t * plan.length + n;
      if (isTraded(dueSince[n]!, confirmed[n]!, out.targets[cell]!, policy.gate !== null, listed, cell))
        opens[g] = opens[g]! | WANTS;
    }
  }
  for (let g = 0; g < opens.length; g++)
    if (opens[g] !== (MAY | WANTS)) opens[g] = OPENS.no;
    else opens[g] = local[g] === 1 ? OPENS.apart : OPENS.together;
}

/**
 * Begins the plans of redirected scopes and of the groups found.
 *
 * @param first true at the first decision of all, which is not weighed
 */
export function beginPlans(bar: RebalancingBar, first: boolean, listed: Floats | null): void {
  const { outcome, opens, slice } = bar.state;
  const redirectsBook = outcome[BOOK] === OUTCOME.redirected;
  if (redirectsBook) opens.fill(OPENS.together);
  const shared = slice[BOOK]! < 0;
  if (shared && opens.includes(OPENS.together)) begin(bar, BOOK, redirectsBook, first, listed);
  for (let g = 0; g < opens.length; g++) {
    const redirected = outcome[g + 1] === OUTCOME.redirected;
    const alone = opens[g] === OPENS.apart || (opens[g] === OPENS.together && !shared);
    if (redirected || alone) begin(bar, g + 1, redirected, first, listed);
  }
}

/** Gathers the assets of the plan, and begins it if there are any. */
function begin(bar: RebalancingBar, scope: number, redirected: boolean, first: boolean, listed: Floats | null): void {
  const { t, state, policy, out } = bar;
  const { plan, dueSince, dueChange, confirmed, opens, local, entering } = state;
  const weighed = policy.gate !== null;
  let assets = 0;
  let changes = false;
  let since = t;
  for (let n = 0; n < plan.length; n++) {
    const group = policy.groupOf[n]!;
    if (scope === BOOK ? opens[group] !== OPENS.together : group !== scope - 1) continue;
    const cell = t * plan.length + n;
    if (!isTraded(dueSince[n]!, confirmed[n]!, out.targets[cell]!, weighed, listed, cell)) continue;
    plan[n] = scope + 1;
    assets++;
    changes ||= dueChange[n] === 1;
    if (dueSince[n]! >= 0) since = Math.min(since, dueSince[n]!);
    dueSince[n] = -1;
    dueChange[n] = 0;
    local[group] = 0;
  }
  if (assets === 0) return;
  const enters = first || (redirected && entering[scope] === 1);
  entering[scope] = enters ? 1 : 0;
  const quiet = weighed && !changes && !redirected && !enters;
  const silent = quiet || (policy.split.length === 1 && since === t);
  beginPlan(bar, scope, {
    equal: redirected,
    gated: weighed && !enters,
    quiet,
    reason: silent ? "" : reasonFor(policy.split.length, assets, redirected, t - since),
  });
}

/** What waits for a plan is traded, and what stands as well where plans are weighed; not what was decided just now. */
function isTraded(
  dueSince: number,
  confirmed: number,
  written: number,
  weighed: boolean,
  listed: Floats | null,
  cell: number,
): boolean {
  if (dueSince >= 0) return true;
  if (!weighed || confirmed !== confirmed || written === written) return false;
  return listed === null || listed[cell] === listed[cell];
}

function reasonFor(slices: number, assets: number, redirected: boolean, waited: number): string {
  const size = `${counted(slices, redirected ? "equal slice" : "slice")} for ${counted(assets, "asset")}`;
  if (redirected) return `${size}: a change confirmed while a plan was under way`;
  return waited === 0 ? size : `${size}, decided ${counted(waited, "bar")} before`;
}
