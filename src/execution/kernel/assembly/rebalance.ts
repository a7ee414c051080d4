/** One bar's trading where it takes more than one pass: sizes after costs, the leverage cap, buys beyond the cash.
 *  Costs are linear in the value per weight as long as no trade changes its side, so one step from the sums of a pass
 *  finds the root; the trade itself then shows whether it was one. */
import { Bar } from "./bar";
import { both, HOT, Off, On, pick, TIE } from "./lanes";
import { ambiguous } from "./other-passes";
import { Terms } from "./terms";
import { costOf, noteCost, prospectOf, slopeOf } from "./trade-costs";
import { apply, measure, undo } from "./trade-passes";

/** As in ../../post-cost-value.ts. */
const ROOM_TOLERANCE: f64 = 1e-12;
/** A shortfall of the cap or of the root below this share of the value is rounding. */
const ROUNDING: f64 = 1e-14;
const MOST_ROUNDS: i32 = 40;
/** Vectors of a lone config from which on a guess of the costs saves more passes than it takes. */
const MANY: usize = 50;

/** Value of one unit of weight at `after`, less where gross exposure would pass the cap. */
@inline
function perWeightAt(terms: Terms, after: v128, grossWeight: v128, untouched: v128): v128 {
  const room = f64x2.sub(f64x2.mul(terms.maxLeverage, after), untouched);
  const share = f64x2.div(room, grossWeight);
  const binds = v128.and(
    v128.and(terms.capped, f64x2.gt(grossWeight, both(0))),
    f64x2.lt(share, f64x2.mul(after, both(1 - ROUNDING))),
  );
  const none = f64x2.le(room, f64x2.mul(after, both(ROOM_TOLERANCE)));
  return pick(binds, v128.andnot(share, none), after);
}

/** Mask of the configs of which a drift came so near to the threshold that rounding decides. */
@inline
export function nearTie<LONE>(bar: Bar): v128 {
  const near = bar.sums.near;
  return isInteger<LONE>() ? v128.or(near, v128.shuffle<f64>(near, near, 1, 0)) : near;
}

/** Half the width of the band around the threshold; none where there is no threshold. */
@inline
export function slackOf(terms: Terms): v128 {
  return v128.and(f64x2.mul(terms.value, both(TIE)), f64x2.gt(terms.threshold, both(0)));
}

/** Trades the bar under caps and beyond the cash; the caller settles cash from the sums. Marks what it cannot settle as
 *  lost. */
export function rebalance<LONE, COSTS, MOVES, ADOPTED, THRESHOLD>(bar: Bar, terms: Terms): void {
  const value = terms.value;
  const sums = bar.sums;
  const post = terms.postCost;
  const limit = f64x2.mul(terms.threshold, value);
  const slack = isInteger<THRESHOLD>() ? slackOf(terms) : both(0);
  const low = f64x2.sub(limit, slack), high = f64x2.add(limit, slack);
  let at = value;
  measure<LONE, COSTS, MOVES, ADOPTED, THRESHOLD, On, Off>(bar, at, low, high);
  at = perWeightAt(terms, value, sums.candidateWeight, sums.candidateUntouched);
  if (v128.any_true(v128.andnot(f64x2.ne(at, value), terms.lost)))
    measure<LONE, COSTS, MOVES, ADOPTED, THRESHOLD, On, Off>(bar, at, low, high);
  const tie = nearTie<LONE>(bar);
  if (v128.any_true(tie)) {
    const open = v128.or(terms.capped, ambiguous<LONE, ADOPTED>(bar, value, terms.threshold));
    terms.lost = v128.or(terms.lost, v128.and(tie, open));
  }

  const whole = f64x2.add(f64x2.add(sums.untouched, sums.traded), f64x2.mul(sums.grossWeight, at));
  const idle = f64x2.eq(sums.traded, both(0));
  if (guesses<LONE, THRESHOLD>(bar)) {
    const guess = pick(f64x2.eq(at, value), firstGuess(terms, value), at);
    if (v128.any_true(f64x2.ne(guess, at))) {
      at = guess;
      measure<LONE, COSTS, MOVES, Off, Off, On, On>(bar, at, low, high);
    }
  }
  const unaffordable = f64x2.ge(f64x2.mul(terms.worstCost, whole), f64x2.mul(value, both(0.999)));
  terms.lost = v128.or(terms.lost, v128.and(v128.andnot(unaffordable, idle), post));

  let settled = v128.or(v128.not(post), terms.lost);
  let perWeight = pick(post, at, value);
  let after = value;
  for (let round = 0; ; round++) {
    const cost = prospectOf<COSTS>(bar, terms);
    const slope = slopeOf<COSTS>(bar, terms);
    const steepness = f64x2.add(both(1), slope);
    let nextAfter = f64x2.sub(at, f64x2.div(f64x2.add(f64x2.sub(at, value), cost), steepness));
    let next = nextAfter;
    const untouched = v128.andnot(sums.untouched, f64x2.lt(sums.untouched, f64x2.mul(value, both(ROOM_TOLERANCE))));
    const weight = sums.grossWeight;
    const fixed = f64x2.add(f64x2.sub(value, cost), f64x2.mul(slope, at));
    const pull = f64x2.div(slope, weight);
    const limited = f64x2.div(
      f64x2.add(fixed, f64x2.mul(pull, untouched)),
      f64x2.add(both(1), f64x2.mul(pull, terms.maxLeverage)),
    );
    const free = perWeightAt(terms, nextAfter, weight, untouched);
    const binds = f64x2.ne(free, nextAfter);
    const room = f64x2.sub(f64x2.mul(terms.maxLeverage, limited), untouched);
    const none = f64x2.le(room, f64x2.mul(limited, both(ROOM_TOLERANCE)));
    nextAfter = pick(binds, pick(none, fixed, limited), nextAfter);
    next = pick(binds, v128.andnot(f64x2.div(room, weight), none), next);
    const before = perWeightAt(terms, value, weight, untouched);
    next = pick(post, next, before);
    const moved = v128.andnot(f64x2.ne(next, at), v128.or(post, terms.lost));
    if (v128.any_true(moved) && round < MOST_ROUNDS) {
      at = pick(settled, pick(post, perWeight, next), next);
      measure<LONE, COSTS, MOVES, Off, Off, On, On>(bar, at, low, high);
      continue;
    }
    const lessBuys = v128.andnot(shortage<COSTS>(bar, terms), post);
    const cut = f64x2.lt(lessBuys, both(-1e-13));
    terms.lost = v128.or(terms.lost, v128.andnot(cut, terms.proRata));
    const open = v128.andnot(post, settled);
    perWeight = pick(v128.or(open, v128.not(post)), next, perWeight);
    after = pick(open, nextAfter, after);
    terms.lost = v128.or(terms.lost, v128.andnot(open, f64x2.gt(steepness, both(0.05))));

    apply<LONE, COSTS, MOVES, On>(bar, perWeight, lessBuys, f64x2.mul(value, both(ROOM_TOLERANCE)));
    const excess = f64x2.add(f64x2.sub(after, value), costOf<COSTS>(bar, terms));
    settled = v128.or(settled, f64x2.le(f64x2.abs(excess), f64x2.mul(value, both(ROUNDING))));
    settled = v128.or(settled, terms.lost);
    if (round >= MOST_ROUNDS) {
      terms.lost = v128.or(terms.lost, v128.not(settled));
      settled = i64x2.splat(-1);
    }
    if (i64x2.all_true(settled)) break;
    undo(bar);
    at = perWeight;
    measure<LONE, COSTS, MOVES, Off, Off, On, On>(bar, at, low, high);
  }
  if (guesses<LONE, THRESHOLD>(bar)) noteCost<COSTS>(bar, terms);
}

/** True where so many assets trade, however little each, that on many bars one changes its side between the value before
 *  costs and the one after. */
@inline
function guesses<LONE, THRESHOLD>(bar: Bar): bool {
  return isInteger<LONE>() && !isInteger<THRESHOLD>() && bar.end - bar.hot >= MANY * HOT;
}

/** Where to measure trades sized after costs: the nearer the root, the fewer of them change their side on the way. */
@inline
function firstGuess(terms: Terms, value: v128): v128 {
  return f64x2.sub(value, v128.and(terms.lastCost, terms.postCost));
}

/**
 * Trades the bar where no cap binds and cash covers the buys; with the same bits as `rebalance`.
 *
 * CAPPED looks whether that is so. Otherwise it is taken for granted, and what cannot pay its costs is marked as lost.
 *
 * @returns false where `rebalance` has to trade; holdings are as before then
 */
export function tradeFreely<LONE, COSTS, MOVES, ADOPTED, THRESHOLD, CAPPED>(
  bar: Bar, terms: Terms, value: v128, low: v128, high: v128,
): bool {
  let at = value;
  if (guesses<LONE, THRESHOLD>(bar)) at = firstGuess(terms, value);
  measure<LONE, COSTS, MOVES, ADOPTED, THRESHOLD, CAPPED, Off>(bar, at, low, high);
  const sums = bar.sums;
  const post = terms.postCost;
  const whole = isInteger<CAPPED>()
    ? f64x2.add(f64x2.add(sums.untouched, sums.traded), f64x2.mul(sums.grossWeight, value))
    : sums.whole;
  const affordable = f64x2.lt(f64x2.mul(terms.worstCost, whole), f64x2.mul(value, both(0.999)));
  // what trades nothing pays nothing
  let free = v128.or(v128.or(affordable, v128.not(post)), f64x2.eq(sums.traded, both(0)));
  if (isInteger<CAPPED>()) {
    if (isInteger<THRESHOLD>()) {
      free = v128.and(free, fits(terms, value, sums.candidateWeight, sums.candidateUntouched));
      free = v128.andnot(free, nearTie<LONE>(bar));
    }
    free = v128.and(free, fits(terms, value, sums.grossWeight, sums.untouched));
    if (!i64x2.all_true(post))
      free = v128.and(free, v128.or(post, f64x2.ge(shortage<COSTS>(bar, terms), both(0))));
  }
  if (!i64x2.all_true(v128.or(free, terms.lost))) {
    if (isInteger<CAPPED>()) return false;
    terms.lost = v128.or(terms.lost, v128.not(free));
  }

  let settled = v128.or(v128.not(post), terms.lost);
  let residual = prospectOf<COSTS>(bar, terms);
  if (guesses<LONE, THRESHOLD>(bar)) {
    at = pick(settled, value, at);
    residual = f64x2.add(f64x2.sub(at, value), residual);
  }
  let round = 0;
  while (true) {
    const steepness = f64x2.add(both(1), slopeOf<COSTS>(bar, terms));
    const after = f64x2.sub(at, f64x2.div(residual, steepness));
    let found = f64x2.gt(steepness, both(0.05));
    if (isInteger<CAPPED>()) found = v128.and(found, fits(terms, after, sums.grossWeight, sums.untouched));
    found = v128.or(found, settled);
    if (!i64x2.all_true(found)) {
      if (isInteger<CAPPED>()) return false;
      terms.lost = v128.or(terms.lost, v128.not(found));
    }
    at = pick(settled, at, after);

    apply<LONE, COSTS, MOVES, Off>(bar, at, both(0), both(0));
    const excess = f64x2.add(f64x2.sub(at, value), costOf<COSTS>(bar, terms));
    settled = v128.or(settled, f64x2.le(f64x2.abs(excess), f64x2.mul(value, both(ROUNDING))));
    settled = v128.or(settled, terms.lost);
    if (i64x2.all_true(settled)) {
      if (guesses<LONE, THRESHOLD>(bar)) noteCost<COSTS>(bar, terms);
      return true;
    }
    const last = ++round > MOST_ROUNDS;
    if (!isInteger<CAPPED>() && last) {
      terms.lost = v128.or(terms.lost, v128.not(settled));
      return true;
    }
    undo(bar);
    if (last) return false;
    measure<LONE, COSTS, MOVES, Off, Off, CAPPED, On>(bar, at, low, high);
    residual = f64x2.add(f64x2.sub(at, value), prospectOf<COSTS>(bar, terms));
  }
}

/** Mask of the configs whose cap leaves all of `worth` to what is traded. */
@inline
export function fits(terms: Terms, worth: v128, grossWeight: v128, untouched: v128): v128 {
  const room = f64x2.sub(f64x2.mul(terms.maxLeverage, worth), untouched);
  return f64x2.ge(room, f64x2.mul(worth, f64x2.mul(grossWeight, both(1 - ROUNDING / 2))));
}

/** What the cash after all sells leaves out of the buys, as the negative of the share; 0 where it covers them. */
@inline
function shortage<COSTS>(bar: Bar, terms: Terms): v128 {
  const sums = bar.sums;
  const spent = f64x2.add(sums.net, prospectOf<COSTS>(bar, terms));
  let wanted = sums.purchases;
  if (!isInteger<COSTS>())
    wanted = f64x2.mul(wanted, f64x2.add(both(1), f64x2.add(terms.costSum, terms.costProduct)));
  const cash = f64x2.add(terms.cash, f64x2.mul(terms.borrowable, terms.value));
  const left = f64x2.add(cash, f64x2.sub(wanted, spent));
  const available = v128.andnot(left, f64x2.le(left, f64x2.mul(terms.value, both(ROOM_TOLERANCE))));
  const share = f64x2.sub(f64x2.div(available, wanted), both(1));
  return v128.and(share, f64x2.gt(f64x2.sub(wanted, available), f64x2.mul(terms.value, both(ROOM_TOLERANCE))));
}
