/** Seeded random numbers that fork by label: a stream depends on its seed and path of labels alone,
 *  never on how many numbers another stream drew. Generator: sfc32 (Chris Doty-Humphrey, PractRand). */
import { createHash } from "node:crypto";

/** Values a word of 32 bits can take. */
const WORDS = 2 ** 32;

export interface Rng {
  /** Uniform in [0, 1) with 53 random bits. */
  uniform(): number;
  /** Standard normal, Marsaglia's polar method. */
  normal(): number;
  /** Student t with `degrees` degrees of freedom, as normal / sqrt(chi2 / degrees); degrees a whole number >= 1. */
  studentT(degrees: number): number;
  /**
   * Whole number in [0, below), free of modulo bias.
   *
   * @throws RangeError unless below is a whole number in [1, 2^32]
   */
  integer(below: number): number;
  /** An independent stream; the same label gives the same stream, whatever was drawn before. Any text is one label:
   *  fork("a/b") is not fork("a").fork("b"). */
  fork(label: string): Rng;
}

/** @param seed any finite number; equal seeds give equal streams */
export function createRng(seed: number): Rng {
  return fromPath(`seed:${seed}`);
}

function fromPath(path: string): Rng {
  const digest = createHash("sha256").update(path).digest();
  let a = digest.readUInt32LE(0);
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let counter = 1;
  let spare = Number.NaN;

  const word = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i++) word();

  const rng: Rng = {
    uniform: () => ((word() >>> 5) * 67108864 + (word() >>> 6)) / 9007199254740992,
    normal: () => {
      if (spare === spare) {
        const kept = spare;
        spare = Number.NaN;
        return kept;
      }
      for (;;) {
        const x = 2 * rng.uniform() - 1;
        const y = 2 * rng.uniform() - 1;
        const s = x * x + y * y;
        if (s > 0 && s < 1) {
          const scale = Math.sqrt((-2 * Math.log(s)) / s);
          spare = y * scale;
          return x * scale;
        }
      }
    },
    studentT: (degrees) => {
      const z = rng.normal();
      let chi2 = 0;
      for (let i = 0; i < degrees; i++) chi2 += rng.normal() ** 2;
      return z / Math.sqrt(chi2 / degrees);
    },
    integer: (below) => {
      if (!(Number.isInteger(below) && below >= 1 && below <= WORDS))
        throw new RangeError(`integer: below must be a whole number from 1 to 2^32, got ${below}`);
      const limit = WORDS - (WORDS % below);
      for (;;) {
        const w = word();
        if (w < limit) return w % below;
      }
    },
    fork: (label) => fromPath(`${path}/${label.replace(/[%/]/g, encodeURIComponent)}`),
  };
  return rng;
}
