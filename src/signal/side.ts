/** Which way a signal may point. */
export const SIDES = ["long_only", "long_short"] as const;

export type Side = (typeof SIDES)[number];
