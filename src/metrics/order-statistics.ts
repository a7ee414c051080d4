/** The smallest values of a sample in order, without sorting the rest: what tail figures need of a long series.
 *  Selection as in Floyd & Rivest, "Expected time bounds for selection", CACM 18 (1975): the pivot comes of a small
 *  part of the range, aimed at the place wanted. A run of bad pivots ends in a sort, so never O(n^2). */

/**
 * Rearranges `values` so that the first `count` are the smallest, ascending, and none of the others is smaller.
 *
 * @param values [n] finite; rearranged
 * @param count  in [0, n]
 */
export function smallestFirst(values: Float64Array, count: number): void {
  if (count < values.length) placeOrderStatistic(values, count, 0);
  values.subarray(0, count).sort();
}

/**
 * Rearranges `values[from..n-1]` so that position `place` holds what it would in ascending order, nothing before it
 * being larger and nothing after it smaller.
 *
 * @param values [n] finite; rearranged from `from` on
 * @param place  in [from, n)
 */
export function placeOrderStatistic(values: Float64Array, place: number, from: number): void {
  placeBetween(values, place, from, values.length - 1);
}

/** Ranges shorter than this are not worth sampling. */
const SAMPLED_FROM = 600;

/** A range at least halves in most rounds; 2^64 values do not exist. */
const MOST_ROUNDS = 64;

function placeBetween(values: Float64Array, place: number, from: number, to: number): void {
  let left = from;
  let right = to;
  for (let rounds = 0; left < right; rounds++) {
    if (rounds === MOST_ROUNDS) {
      values.subarray(left, right + 1).sort();
      return;
    }
    if (right - left >= SAMPLED_FROM) sampleAround(values, place, left, right);
    const pivot = values[place]!;
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const moved = values[i]!;
      values[i++] = values[j]!;
      values[j--] = moved;
    }
    if (place <= j) right = j;
    else if (place >= i) left = i;
    else return;
  }
}

/** Leaves at `place` a value that is likely to lie just beyond it, on the side of the middle, so that the next
 *  partition cuts off all but little: the order statistic of a part of the range in the same proportion, shifted by
 *  about a standard error. */
function sampleAround(values: Float64Array, place: number, left: number, right: number): void {
  const n = right - left + 1;
  const below = place - left + 1;
  const size = Math.ceil(n ** (2 / 3) / 2);
  const error = 0.5 * Math.sqrt((Math.log(n) * size * (n - size)) / n) * (below < n / 2 ? -1 : 1);
  const first = Math.max(left, Math.floor(place - (below * size) / n + error));
  const last = Math.min(right, Math.floor(place + ((n - below) * size) / n + error));
  placeBetween(values, place, first, last);
}
