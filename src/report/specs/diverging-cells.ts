/** Colours of heatmap cells around zero: how large a value has full colour, its step, and the encodings of both. */
import { DIVERGING_LIGHT } from "../theme.ts";

const STEPS = DIVERGING_LIGHT.length;

/** The step of zero. */
export const MIDDLE_STEP = (STEPS - 1) / 2;

/**
 * Absolute value of full colour: the 90th percentile by size, so that one wild cell does not bleach the rest.
 *
 * @param values at least one
 * @param least  no cell smaller than this has full colour
 */
export function colourReach(values: readonly number[], least: number): number {
  const sizes = values.map(Math.abs).sort((a, b) => a - b);
  return Math.max(least, sizes[Math.floor(0.9 * (sizes.length - 1))]!);
}

/** Step 0 to 8, 4 around zero. */
export function colourStep(value: number, reach: number): number {
  const steps = Math.round((value / reach) * MIDDLE_STEP);
  return MIDDLE_STEP + Math.max(-MIDDLE_STEP, Math.min(MIDDLE_STEP, steps));
}

const COLOUR_STEPS = Array.from({ length: STEPS }, (_, k) => k);

/** `tones` of the column `step`, without a legend: the caption says what the colours mean. */
export function stepColour(tones: (step: number) => string) {
  return {
    field: "step",
    type: "ordinal",
    scale: { domain: COLOUR_STEPS, range: COLOUR_STEPS.map(tones) },
    legend: null,
  } as const;
}
