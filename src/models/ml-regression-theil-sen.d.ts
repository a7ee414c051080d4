/** Types of the untyped package: the median of the slopes between all pairs of points. */
declare module "ml-regression-theil-sen" {
  export class TheilSenRegression {
    readonly slope: number;
    readonly intercept: number;
    /** @throws when fewer than two different x are given */
    constructor(x: readonly number[], y: readonly number[]);
  }
}
