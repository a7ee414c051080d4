/** The policies of the lanes side by side, and what the kernel carries from bar to bar beside the holdings. */
import { both, lanesAt, RATES } from "./lanes";
import { Config } from "./layout";

@unmanaged
export class Terms {
  threshold: v128;
  fee: v128;
  slippage: v128;
  /** fee + slippage and fee * slippage: a trade d costs sum * |d| + product * d. */
  costSum: v128;
  costProduct: v128;
  /** The same by what is bought and by bought less sold: twice * bought + rest * net. */
  costTwice: v128;
  costRest: v128;
  maxLeverage: v128;
  borrowable: v128;
  delistAfter: v128;
  delistKeeps: v128;
  borrowPerBar: v128;
  worstCost: v128;
  /** Masks. */
  postCost: v128;
  proRata: v128;
  capped: v128;

  cash: v128;
  /** Worth of the book at the open before trading. */
  value: v128;
  /** What the last trades cost: a first guess at what the next will. */
  lastCost: v128;
  /** What holdings are to be multiplied by; 1 but between bars that guessed their costs. */
  scale: v128;
  /** Mask of the configs that guess their costs. */
  guessing: v128;
  /** Bars for which a config does not guess its costs, now and last. */
  restLeft: v128;
  restLength: v128;
  /** What a guess has come to while passes trade the configs it was no good for; as in Sums. */
  guessedNet: v128;
  guessedTraded: v128;
  guessedClose: v128;
  guessedNext: v128;
  /** Mask of the configs only the exact path can finish. */
  lost: v128;
  /** Mask of the configs that need the general way. */
  retry: v128;
  /** Bars for which trading as if no limit bound is not tried again. */
  rest: i32;
}

/** Bytes kept for Terms. */
export const TERMS_BYTES: usize = 512;

@inline
function two(a: f64, b: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(a), 1, b);
}

@inline
function mask(a: bool, b: bool): v128 {
  return i64x2.replace_lane(i64x2.splat(a ? -1 : 0), 1, b ? -1 : 0);
}

export function startTerms(terms: Terms, a: Config, b: Config, funded: bool): void {
  terms.threshold = two(a.threshold, b.threshold);
  terms.fee = two(a.fee, b.fee);
  terms.slippage = two(a.slippage, b.slippage);
  terms.costSum = f64x2.add(terms.fee, terms.slippage);
  terms.costProduct = f64x2.mul(terms.fee, terms.slippage);
  terms.costTwice = f64x2.add(terms.costSum, terms.costSum);
  terms.costRest = f64x2.sub(terms.costProduct, terms.costSum);
  terms.maxLeverage = two(a.maxLeverage, b.maxLeverage);
  terms.borrowable = two(a.borrowable, b.borrowable);
  terms.delistAfter = two(a.delistAfter, b.delistAfter);
  terms.delistKeeps = two(a.delistKeeps, b.delistKeeps);
  terms.borrowPerBar = two(a.borrowPerBar, b.borrowPerBar);
  terms.worstCost = two(a.worstCost, b.worstCost);
  terms.postCost = mask(a.postCost != 0, b.postCost != 0);
  terms.proRata = mask(a.proRata != 0, b.proRata != 0);
  terms.capped = f64x2.lt(terms.maxLeverage, both(Infinity));
  terms.cash = two(a.initialCash, b.initialCash);
  terms.value = terms.cash;
  terms.lastCost = both(0);
  terms.scale = both(1);
  const plain = v128.and(f64x2.eq(terms.threshold, both(0)), f64x2.eq(terms.borrowPerBar, both(0)));
  terms.guessing = funded ? both(0) : v128.and(terms.postCost, plain);
  terms.restLeft = both(0);
  terms.restLength = both(0);
  terms.lost = both(0);
  terms.retry = both(0);
  terms.rest = 0;
}

/** Lays the rates per asset of two configs, or of one two assets at a time, out as lanes from `into` on. */
export function startRates<LONE>(into: usize, vectors: usize, assets: usize, a: Config, b: Config): void {
  const kind = assets << 3;
  for (let v: usize = 0; v < vectors; v++) {
    const first: usize = v << (isInteger<LONE>() ? 4 : 3);
    for (let k: usize = 0; k < 4; k++) {
      const at = a.rates + k * kind + first;
      const lanes = isInteger<LONE>() ? v128.load(at) : lanesAt(at, b.rates + k * kind + first);
      v128.store(into + v * RATES + (k << 4), lanes);
    }
  }
}
