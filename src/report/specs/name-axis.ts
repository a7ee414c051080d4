/** The axis of scores or features, whose names are longer than those of assets. */

export const NAME_AXIS = {
  domain: false,
  ticks: false,
  labelLimit: { expr: "width < 480 ? 140 : 190" },
  // The house's limit on vertical axes would cut them.
  maxExtent: 200,
} as const;
