/** Sleeves as one book: the sum of their standing targets, each on its share of the capital, so that what one sells and
 *  another buys is never traded. Turnover is of targets: what drift adds is the same for both sides and left out. */
import type { TargetWeights } from "../core/contracts.ts";
import { InputError } from "../core/errors.ts";
import type { Axes, Floats } from "../core/panel.ts";

export interface NettedSleeve {
  /** Fraction of the sleeve's capital; NaN = no new decision. */
  readonly targets: TargetWeights;
  /** Its share of the capital as a fraction, or [T] one a bar, NaN = as before, nothing before the first. */
  readonly capital: number | Floats;
}

export interface NettedBook {
  /** Fraction of the whole capital; NaN where no sleeve decided and no share of one that holds the asset changed. */
  readonly targets: TargetWeights;
  /** [T] sum over sleeves and assets of |change|, as if each sleeve traded apart. */
  readonly grossTurnover: Float64Array;
  /** [T] sum over assets of |change| of the book; never above the gross one but for rounding. */
  readonly netTurnover: Float64Array;
  /** Sum over all bars of gross less net turnover. */
  readonly saved: number;
}

/**
 * Row t depends on rows up to t alone.
 *
 * @param axes that every sleeve's targets stand on
 * @throws InputError for targets on other axes, or capital that is not finite or not a bar each
 */
export function netSleeves(axes: Axes, sleeves: readonly NettedSleeve[]): NettedBook {
  const bars = axes.time.length;
  const assets = axes.assets.length;
  checkSleeves(axes, sleeves);
  const values = new Float64Array(bars * assets).fill(Number.NaN);
  const grossTurnover = new Float64Array(bars);
  const netTurnover = new Float64Array(bars);
  const standing = sleeves.map(() => new Float64Array(assets).fill(Number.NaN));
  const share = sleeves.map(({ capital }) => (typeof capital === "number" ? capital : 0));
  /** What each sleeve contributes to the book, and their sum at the bar before. */
  const part = sleeves.map(() => new Float64Array(assets));
  const book = new Float64Array(assets);
  let saved = 0;
  for (let t = 0; t < bars; t++) {
    const row = t * assets;
    for (let p = 0; p < sleeves.length; p++) {
      const { targets, capital } = sleeves[p]!;
      const known = typeof capital === "number" ? capital : capital[t]!;
      const resized = known === known && known !== share[p];
      if (resized) share[p] = known;
      for (let n = 0; n < assets; n++) {
        const target = targets.values[row + n]!;
        if (target === target) standing[p]![n] = target;
        else if (!resized || standing[p]![n] !== standing[p]![n]) continue;
        const now = share[p]! * standing[p]![n]!;
        grossTurnover[t] = grossTurnover[t]! + Math.abs(now - part[p]![n]!);
        part[p]![n] = now;
        values[row + n] = 0;
      }
    }
    for (let n = 0; n < assets; n++) {
      if (values[row + n] !== 0) continue;
      let sum = 0;
      for (let p = 0; p < sleeves.length; p++) sum += part[p]![n]!;
      netTurnover[t] = netTurnover[t]! + Math.abs(sum - book[n]!);
      book[n] = sum;
      values[row + n] = sum;
    }
    saved += grossTurnover[t]! - netTurnover[t]!;
  }
  return { targets: { axes, values }, grossTurnover, netTurnover, saved };
}

function checkSleeves(axes: Axes, sleeves: readonly NettedSleeve[]): void {
  for (const [p, { targets, capital }] of sleeves.entries()) {
    const where = `sleeve ${p + 1}`;
    if (targets.axes !== axes) throw InputError.of({ where, rule: "sleeves must share one Axes object" });
    if (typeof capital === "number") {
      if (!Number.isFinite(capital)) throw InputError.of({ where, rule: "capital must be finite", got: capital });
    } else if (capital.length !== axes.time.length)
      throw InputError.of({ where, rule: `capital must have ${axes.time.length} bars`, got: capital.length });
  }
}
