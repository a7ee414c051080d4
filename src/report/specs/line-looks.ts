/** How the lines of one chart are told apart when there are many: by tone, then by stroke. */
import { bandTone } from "../theme.ts";
import { DASHED, DOTTED, SOLID } from "./time-series.ts";

/** The first bands are far enough apart for thin lines; after them the stroke changes. */
const TONES = 5;
const STROKES = [
  { mark: "line", dash: SOLID },
  { mark: "dash", dash: DASHED },
  { mark: "dot", dash: DOTTED },
] as const;

/** As many lines as look different. */
export const LINE_LOOKS = TONES * STROKES.length;

export interface LineLook {
  readonly colour: string;
  readonly mark: (typeof STROKES)[number]["mark"];
  readonly dash: readonly number[];
}

/** Of the k-th line; looks repeat after LINE_LOOKS. */
export function lineLook(k: number): LineLook {
  return { colour: bandTone(k % TONES), ...STROKES[Math.floor(k / TONES) % STROKES.length]! };
}
