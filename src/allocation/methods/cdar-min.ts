/** The least conditional drawdown at risk over the window, within the constraints; rows without the return of some
 *  participant are left out. The program is in cdar-min-weights. */
import { fail, ok } from "../../core/result.ts";
import { PLAIN_ANSWER, type SleeveWindow, type WeightingMethod } from "../weighting.ts";
import { cdarMinWeights } from "./cdar-min-weights.ts";

export const cdarMin: WeightingMethod = {
  name: "cdar_min",
  usesHistory: true,
  weigh({ window, bounds, parameters, linearProgram }, out) {
    if (linearProgram === null) return fail("the linear program solver is not loaded");
    const answer = cdarMinWeights(completeRows(window), bounds, parameters.cdarTail, linearProgram, out);
    return answer.ok ? ok(PLAIN_ANSWER) : answer;
  },
};

function completeRows({ returns, bars, count }: SleeveWindow): Float64Array {
  const rows = new Float64Array(bars * count);
  let kept = 0;
  for (let t = 0; t < bars; t++) {
    const row = returns.subarray(t * count, (t + 1) * count);
    if (row.some((r) => r !== r)) continue;
    rows.set(row, kept * count);
    kept++;
  }
  return rows.subarray(0, kept * count);
}
