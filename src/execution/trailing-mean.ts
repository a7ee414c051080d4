/** Means over what a trailing window of one asset has; for measures that must survive a halt inside the window. */
import type { Floats } from "../core/panel.ts";

/**
 * @param x      [T*N]
 * @param cell   position of the window's last row
 * @param assets N, columns per row
 * @param window rows, >= 1; fewer at the start of the panel
 * @returns mean of the values present, NaN without any
 */
export function trailingMean(x: Floats, cell: number, assets: number, window: number): number {
  let sum = 0;
  let present = 0;
  for (let i = cell, row = 0; row < window && i >= 0; row++, i -= assets) {
    const value = x[i]!;
    if (value !== value) continue;
    sum += value;
    present++;
  }
  return present === 0 ? Number.NaN : sum / present;
}
