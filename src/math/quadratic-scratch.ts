/** What quadratic-program.ts works in, so that whoever solves many small programs makes the memory once. */

/** Working memory for up to `capacity` variables; holds nothing between calls. */
export interface QuadraticScratch {
  readonly capacity: number;
  readonly members: Int32Array;
  readonly factor: Float64Array;
  readonly gradient: Float64Array;
  readonly move: Float64Array;
  readonly unit: Float64Array;
}

export function createQuadraticScratch(capacity: number): QuadraticScratch {
  return {
    capacity,
    members: new Int32Array(capacity),
    factor: new Float64Array(capacity * capacity),
    gradient: new Float64Array(capacity),
    move: new Float64Array(capacity),
    unit: new Float64Array(capacity),
  };
}
