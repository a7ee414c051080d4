/** A straight line through points by ordinary least squares. */
import type { Floats } from "../core/panel.ts";
import { quotient } from "./ratios.ts";

export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** Share of the variance of y that the line explains. */
  readonly rSquared: number;
}

/**
 * y on x over the points at which both are present.
 *
 * @param x [n] NaN = missing
 * @param y [n] NaN = missing
 * @returns NaN members with fewer than 2 points or when x is constant; rSquared also when y is
 */
export function leastSquares(x: Floats, y: Floats): Line {
  const present = (i: number): boolean => x[i] === x[i] && y[i] === y[i];
  let count = 0;
  let [sumX, sumY] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    if (!present(i)) continue;
    count++;
    sumX += x[i]!;
    sumY += y[i]!;
  }
  const [centreX, centreY] = [sumX / count, sumY / count];
  let [squaresX, squaresY, joint] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    if (!present(i)) continue;
    squaresX += (x[i]! - centreX) ** 2;
    squaresY += (y[i]! - centreY) ** 2;
    joint += (x[i]! - centreX) * (y[i]! - centreY);
  }
  const slope = quotient(joint, squaresX);
  return { slope, intercept: centreY - slope * centreX, rSquared: quotient(slope * joint, squaresY) };
}
