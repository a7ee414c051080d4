/** Trades sized after costs in one pass, on bars that decide for every asset.
 *
 *  What they cost is not known before they are made, but what the last ones cost is a good guess: trades are made on the
 *  value that guess leaves, and as all of what is held afterwards is weight times that value, one factor puts right what
 *  was guessed wrong. Holdings are kept without the factor until a pass needs them. */
import { Bar } from "./bar";
import { BACKUP, both, COLD, DECISION, fold, HOT, lanesAt, pick, stride } from "./lanes";
import { fits } from "./rebalance";
import { Terms } from "./terms";
import { noteCost } from "./trade-costs";

/** Most bars for which a config whose guesses were no good, one after the other, does not guess again. */
const LONGEST_REST: f64 = 15;

/**
 * Trades what it can; holdings times terms.scale are what is held.
 *
 * No good is a guess where not all is decided, where a trade is so small that its side depends on what was guessed
 * wrong, or where a limit could bind. If that is so for any config, holdings are left as before,
 * without a factor, for passes that trade all configs; `keepGuessed` then puts back what the guess was good for.
 *
 * @returns mask of the configs that have traded
 */
@inline
export function tradeAtGuess<LONE>(bar: Bar, terms: Terms, value: v128, cash: v128): v128 {
  const zero = both(0), scale = terms.scale, unsigned = bar.unsigned;
  const error = terms.lastCost, guess = f64x2.sub(value, error);
  let bought = zero, weight = zero, boughtWeight = zero, gross = zero, close = zero, next = zero;
  let slack = both(Infinity);
  let a = bar.weightsA, b = bar.weightsB, tail = bar.tail;
  let g = bar.growth, o = bar.open, m = bar.mark, x = bar.nextOpen;
  const end = bar.end;
  for (let p = bar.hot; p < end; p += HOT) {
    const w = isInteger<LONE>() ? v128.andnot(v128.load(a), v128.load(tail)) : lanesAt(a, b);
    const amount = v128.load(p);
    v128.store(p, amount, BACKUP);
    let held = f64x2.mul(amount, scale);
    if (isInteger<LONE>()) held = f64x2.mul(held, v128.load(o));
    const after = f64x2.mul(w, guess);
    const d = f64x2.sub(after, held);
    const buys = f64x2.gt(d, zero), size = v128.and(w, unsigned);
    bought = f64x2.add(bought, v128.and(d, buys));
    weight = f64x2.add(weight, w);
    boughtWeight = f64x2.add(boughtWeight, v128.and(w, buys));
    gross = f64x2.add(gross, size);
    slack = f64x2.pmin(slack, f64x2.div(v128.and(d, unsigned), size));
    if (isInteger<LONE>()) {
      const units = f64x2.div(after, v128.load(o));
      close = f64x2.add(close, f64x2.mul(units, v128.load(m)));
      next = f64x2.add(next, f64x2.mul(units, v128.load(x)));
      v128.store(p, units);
      o += 16;
      m += 16;
      x += 16;
      tail += 16;
    } else {
      close = f64x2.add(close, f64x2.mul(after, v128.load64_splat(g)));
      const ahead = f64x2.mul(after, v128.load64_splat(g, 8));
      next = f64x2.add(next, ahead);
      v128.store(p, ahead);
      b += 8;
      g += 16;
    }
    a += stride<LONE>();
  }
  bought = fold<LONE>(bought);
  weight = fold<LONE>(weight);
  boughtWeight = fold<LONE>(boughtWeight);
  gross = fold<LONE>(gross);
  // what is held is worth what cash is not
  let net = f64x2.sub(f64x2.mul(weight, guess), f64x2.sub(value, cash));
  const cost = f64x2.add(f64x2.mul(terms.costTwice, bought), f64x2.mul(terms.costRest, net));
  const slope = f64x2.add(f64x2.mul(terms.costTwice, boughtWeight), f64x2.mul(terms.costRest, weight));
  const steepness = f64x2.add(both(1), slope);
  const off = f64x2.div(f64x2.sub(error, cost), steepness);
  const traded = f64x2.sub(f64x2.add(bought, bought), net);

  const whole = f64x2.add(f64x2.abs(traded), f64x2.mul(gross, value));
  // a weight that is missing makes its sum NaN, and that fails every comparison
  let good = v128.and(f64x2.lt(f64x2.mul(terms.worstCost, whole), f64x2.mul(value, both(0.99))), f64x2.eq(weight, weight));
  good = v128.and(good, v128.and(fits(terms, value, gross, zero), f64x2.gt(steepness, both(0.05))));
  // every trade is on the side it was measured on
  good = v128.and(good, f64x2.lt(f64x2.abs(off), least<LONE>(slack)));
  good = v128.and(good, v128.andnot(terms.guessing, f64x2.gt(terms.restLeft, zero)));
  const sums = bar.sums;
  const factor = f64x2.add(both(1), f64x2.div(off, guess));
  net = f64x2.add(net, f64x2.mul(off, weight));
  bought = f64x2.add(bought, f64x2.mul(off, boughtWeight));
  sums.net = net;
  sums.traded = f64x2.sub(f64x2.add(bought, bought), net);
  sums.close = f64x2.mul(fold<LONE>(close), factor);
  sums.next = f64x2.mul(fold<LONE>(next), factor);
  terms.lastCost = pick(good, f64x2.sub(error, off), error);
  terms.restLength = v128.andnot(terms.restLength, good);
  terms.scale = factor;
  if (!i64x2.all_true(good)) takeBack(bar, terms, good, scale);
  return good;
}

/** Notes what the guess has come to, and leaves holdings and rests as passes that trade all configs find them. */
function takeBack(bar: Bar, terms: Terms, good: v128, scale: v128): void {
  const sums = bar.sums;
  for (let p = bar.hot, q = bar.cold; p < bar.end; p += HOT, q += COLD) {
    v128.store(q, f64x2.mul(v128.load(p), terms.scale), DECISION);
    v128.store(p, f64x2.mul(v128.load(p, BACKUP), scale));
  }
  terms.scale = both(1);
  terms.guessedNet = sums.net;
  terms.guessedTraded = sums.traded;
  terms.guessedClose = sums.close;
  terms.guessedNext = sums.next;
  const rests = f64x2.gt(terms.restLeft, both(0));
  const length = terms.restLength, longer = f64x2.pmin(f64x2.add(f64x2.add(length, length), both(1)), both(LONGEST_REST));
  terms.restLeft = v128.andnot(pick(rests, f64x2.sub(terms.restLeft, both(1)), length), good);
  terms.restLength = v128.andnot(pick(rests, length, longer), good);
}

/** After passes that have traded all configs: notes what that cost, and puts back what those of `good` have by their guess. */
export function keepGuessed<COSTS>(bar: Bar, terms: Terms, good: v128): void {
  const guessed = terms.lastCost;
  noteCost<COSTS>(bar, terms);
  if (!v128.any_true(good)) return;
  terms.lastCost = pick(good, guessed, terms.lastCost);
  const sums = bar.sums;
  for (let p = bar.hot, q = bar.cold; p < bar.end; p += HOT, q += COLD)
    v128.store(p, pick(good, v128.load(q, DECISION), v128.load(p)));
  sums.net = pick(good, terms.guessedNet, sums.net);
  sums.traded = pick(good, terms.guessedTraded, sums.traded);
  sums.close = pick(good, terms.guessedClose, sums.close);
  sums.next = pick(good, terms.guessedNext, sums.next);
}

/** Makes the factor part of the holdings. */
export function rescale(bar: Bar, terms: Terms): void {
  const scale = terms.scale;
  for (let p = bar.hot; p < bar.end; p += HOT) v128.store(p, f64x2.mul(v128.load(p), scale));
  terms.scale = both(1);
}

/** The smallest over assets: in a pair each lane is one already. */
@inline
function least<LONE>(x: v128): v128 {
  return isInteger<LONE>() ? f64x2.pmin(x, v128.shuffle<f64>(x, x, 1, 0)) : x;
}
