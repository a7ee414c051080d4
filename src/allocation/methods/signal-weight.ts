/** Weights proportional to the strength of the signal behind each sleeve; its sign is the direction, not the size. */
import { fail, ok } from "../../core/result.ts";
import { PLAIN_ANSWER, proportional, type WeightingMethod } from "../weighting.ts";

export const signalWeight: WeightingMethod = {
  name: "signal",
  usesHistory: false,
  weigh(problem, out) {
    if (!proportional(problem.strength, out)) return fail("no participant has a signal");
    return ok(PLAIN_ANSWER);
  },
};
