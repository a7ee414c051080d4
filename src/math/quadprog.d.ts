/** Types of the untyped package: Goldfarb-Idnani, every array and matrix indexed from 1. */
declare module "quadprog" {
  export interface QuadprogAnswer {
    /** [n+1]; plausible even when `message` says there is none */
    readonly solution: readonly number[];
    /** empty when solved */
    readonly message: string;
  }
  /** min 1/2 b'Db - d'b subject to A'b >= b0, the first `meq` of them equalities. */
  export function solveQP(
    Dmat: number[][],
    dvec: number[],
    Amat: number[][],
    bvec: number[],
    meq: number,
  ): QuadprogAnswer;
}
