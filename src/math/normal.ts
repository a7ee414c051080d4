/** Standard normal distribution function and its inverse, both to about 1e-15 relative, tails included.
 *  Distribution: rational minimax approximations of W. J. Cody, Math. Comp. 23 (1969) 631-637, in the scaling of
 *  Algorithm 715 (ACM TOMS 19, 1993). Inverse: M. J. Wichura, Algorithm AS 241 (Applied Statistics 37, 1988). */

const INVERSE_ROOT_TWO_PI = 0.3989422804014327;

/** Published coefficients, written as the doubles they round to, highest power first; a leading 1 is the monic term. */
const CENTRE_TOP = [0.06568233791820745, 2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356];
const CENTRE_BOTTOM = [1, 47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673];
const MIDDLE_TOP = [
  1.0765576773720192e-8, 0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002,
  2494.5375852903726, 6848.190450536283, 11602.65143764735, 9842.714838383978,
];
const MIDDLE_BOTTOM = [
  1, 22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097, 34900.95272114598,
  38912.00328609327, 19685.429676859992,
];
const TAIL_TOP = [
  0.023073441764940174, 0.215898534057957, 0.12740116116024736, 0.022235277870649807, 0.0014216191932278934,
  2.9112874951168793e-5,
];
const TAIL_BOTTOM = [
  1, 1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824, 7.297515550839662e-5,
];

/**
 * P(Z <= x) for a standard normal Z.
 *
 * @param x NaN gives NaN; +-Infinity give 1 and 0
 * @returns full relative precision in the lower tail down to the smallest normal double (x about -37.5)
 */
export function normalCdf(x: number): number {
  const size = Math.abs(x);
  if (x !== x) return Number.NaN;
  if (size <= 0.67448975) {
    const square = size * size;
    return 0.5 + (x * polynomial(CENTRE_TOP, square)) / polynomial(CENTRE_BOTTOM, square);
  }
  const tail = upperTail(size);
  return x > 0 ? 1 - tail : tail;
}

/**
 * The x with P(Z <= x) = p.
 *
 * @param p in [0, 1]; 0 gives -Infinity, 1 gives Infinity, anything outside or NaN gives NaN
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const centred = p - 0.5;
  if (Math.abs(centred) <= 0.425) {
    const r = 0.180625 - centred * centred;
    return (centred * polynomial(INVERSE_CENTRE_TOP, r)) / polynomial(INVERSE_CENTRE_BOTTOM, r);
  }
  const r = Math.sqrt(-Math.log(centred < 0 ? p : 1 - p));
  const size =
    r <= 5
      ? polynomial(INVERSE_MIDDLE_TOP, r - 1.6) / polynomial(INVERSE_MIDDLE_BOTTOM, r - 1.6)
      : polynomial(INVERSE_TAIL_TOP, r - 5) / polynomial(INVERSE_TAIL_BOTTOM, r - 5);
  return centred < 0 ? -size : size;
}

function upperTail(x: number): number {
  if (x > 40) return 0;
  if (x <= Math.sqrt(32)) return (gaussian(x) * polynomial(MIDDLE_TOP, x)) / polynomial(MIDDLE_BOTTOM, x);
  const inverse = 1 / (x * x);
  const correction = (inverse * polynomial(TAIL_TOP, inverse)) / polynomial(TAIL_BOTTOM, inverse);
  return (gaussian(x) * (INVERSE_ROOT_TWO_PI - correction)) / x;
}

/** exp(-x^2/2) with x split at sixteenths, so that rounding of the square is not magnified by the exponential. */
function gaussian(x: number): number {
  const coarse = Math.trunc(x * 16) / 16;
  return Math.exp(-coarse * coarse * 0.5) * Math.exp(-(x - coarse) * (x + coarse) * 0.5);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = 0; i < coefficients.length; i++) value = value * x + coefficients[i]!;
  return value;
}

const INVERSE_CENTRE_TOP = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
  133.14166789178438, 3.3871328727963665,
];
const INVERSE_CENTRE_BOTTOM = [
  5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
  42.31333070160091, 1,
];
const INVERSE_MIDDLE_TOP = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156546, 1.4234371107496835,
];
const INVERSE_MIDDLE_BOTTOM = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
  1.6763848301838038, 2.053191626637759, 1,
];
const INVERSE_TAIL_TOP = [
  2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
  1.7848265399172913, 5.463784911164114, 6.657904643501103,
];
const INVERSE_TAIL_BOTTOM = [
  2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
  0.1369298809227358, 0.599832206555888, 1,
];
