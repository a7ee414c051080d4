/** Covariances as they come, and as they should not: constant, duplicated and mirrored assets, fewer bars than assets. */
import fc from "fast-check";

export interface Estimates {
  readonly n: number;
  /** [N] */
  readonly mu: Float64Array;
  /** [N*N] positive semidefinite */
  readonly cov: Float64Array;
}

/** Means and (ddof 0) covariances of small tables of returns, which may be singular in any way. */
export const anyEstimates: fc.Arbitrary<Estimates> = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 14 }))
  .chain(([n, bars]) =>
    fc.tuple(
      fc.constant(n),
      fc.array(fc.array(fc.integer({ min: -90, max: 100 }), { minLength: n, maxLength: n }), {
        minLength: bars,
        maxLength: bars,
      }),
      fc.array(fc.constantFrom("own", "own", "own", "constant", "twin", "mirror"), { minLength: n, maxLength: n }),
    ),
  )
  .map(([n, table, kinds]) => {
    const returns = table.map((row) => {
      const out = row.map((value) => value / 1000);
      for (let i = 0; i < n; i++) {
        if (kinds[i] === "constant") out[i] = 0.001;
        if (kinds[i] === "twin" && i > 0) out[i] = out[i - 1]!;
        if (kinds[i] === "mirror" && i > 0) out[i] = -out[i - 1]!;
      }
      return out;
    });
    return estimatesOf(returns, n);
  });

/** The same with enough independent noise on the diagonal for every answer to be unique. */
export const regularEstimates: fc.Arbitrary<Estimates> = anyEstimates.map(({ n, mu, cov }) => {
  const out = cov.slice();
  for (let i = 0; i < n; i++) out[i * n + i] = out[i * n + i]! + 0.0005 * (1 + (i % 3));
  return { n, mu, cov: out };
});

function estimatesOf(returns: readonly (readonly number[])[], n: number): Estimates {
  const mu = new Float64Array(n);
  const cov = new Float64Array(n * n);
  for (const row of returns) for (let i = 0; i < n; i++) mu[i] = mu[i]! + row[i]! / returns.length;
  for (const row of returns)
    for (let i = 0; i < n; i++)
      for (let k = 0; k < n; k++)
        cov[i * n + k] = cov[i * n + k]! + ((row[i]! - mu[i]!) * (row[k]! - mu[k]!)) / returns.length;
  return { n, mu, cov };
}

/** [N] permuted so that out[i] = x[order[i]]. */
export function permuted(x: Float64Array, order: readonly number[]): Float64Array {
  return Float64Array.from(order, (i) => x[i]!);
}

/** [N*N] with rows and columns permuted likewise. */
export function permutedMatrix(matrix: Float64Array, order: readonly number[]): Float64Array {
  const n = order.length;
  return Float64Array.from(
    { length: n * n },
    (_, cell) => matrix[order[Math.floor(cell / n)]! * n + order[cell % n]!]!,
  );
}

/** Fixed pseudo-random estimates of any size: one common factor and noise. */
export function factorCovariance(n: number, bars: number): Float64Array {
  let state = n;
  const draw = (): number => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const returns = Array.from({ length: bars }, () => {
    const market = draw();
    return Array.from({ length: n }, (_, i) => (market + draw()) * (0.01 + (0.03 * ((i * 7) % n)) / n));
  });
  return estimatesOf(returns, n).cov;
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    worst = difference <= worst ? worst : difference;
  }
  return worst;
}

/** The value of a result that has to be there. */
export function answerOf<T>(result: { ok: true; value: T } | { ok: false; reason: string }): T {
  if (!result.ok) throw new Error(`expected an answer, got: ${result.reason}`);
  return result.value;
}
