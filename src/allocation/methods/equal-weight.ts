/** The same weight for every participant, 1/n. */
import { fail, ok } from "../../core/result.ts";
import { PLAIN_ANSWER, type WeightingMethod } from "../weighting.ts";

export const equalWeight: WeightingMethod = {
  name: "equal_weight",
  usesHistory: false,
  weigh({ window: { count } }, out) {
    if (count === 0) return fail("no participant");
    out.fill(1 / count);
    return ok(PLAIN_ANSWER);
  },
};
