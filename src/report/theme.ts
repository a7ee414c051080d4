/** The palette, as CSS custom properties. Charts name the properties instead of colours, so that a change of theme
 *  repaints them without running Vega again. Contrast of text on its ground is tested to WCAG AA. */

export interface Palette {
  readonly paper: string;
  /** Ground of bands, tooltips and code. */
  readonly raised: string;
  readonly ink: string;
  readonly muted: string;
  readonly hairline: string;
  /** Chart grid. */
  readonly grid: string;
  readonly accent: string;
  readonly benchmark: string;
  readonly loss: string;
  readonly notice: string;
  readonly "notice-ground": string;
  readonly "notice-line": string;
}

export const LIGHT: Palette = {
  paper: "#fefdfb",
  raised: "#f6f4ef",
  ink: "#1d1c1a",
  muted: "#625e57",
  hairline: "#dedad2",
  grid: "#ebe8e1",
  accent: "#1f4e79",
  benchmark: "#8d877d",
  loss: "#9c3d24",
  notice: "#6b4500",
  "notice-ground": "#fbf1dc",
  "notice-line": "#dfc48c",
};

export const DARK: Palette = {
  paper: "#15171a",
  raised: "#1d2024",
  ink: "#e8e5df",
  muted: "#a6a197",
  hairline: "#353a40",
  grid: "#272b30",
  accent: "#86b6e4",
  benchmark: "#8f8b84",
  loss: "#e2927a",
  notice: "#efd29a",
  "notice-ground": "#2c2516",
  "notice-line": "#5d4d28",
};

/** Ground and text of the nine heatmap steps, loss to gain: orange to blue, apart for every common colour blindness. */
export interface DivergingStep {
  readonly ground: string;
  readonly text: string;
}

export const DIVERGING_LIGHT: readonly DivergingStep[] = [
  { ground: "#a8480f", text: "#ffffff" },
  { ground: "#d58245", text: "#1d1c1a" },
  { ground: "#edb98a", text: "#1d1c1a" },
  { ground: "#f7e1cd", text: "#1d1c1a" },
  { ground: "#f3f1ec", text: "#1d1c1a" },
  { ground: "#d7e4f0", text: "#1d1c1a" },
  { ground: "#a3c3df", text: "#1d1c1a" },
  { ground: "#5b93c4", text: "#12161a" },
  { ground: "#1f5a92", text: "#ffffff" },
];

export const DIVERGING_DARK: readonly DivergingStep[] = [
  { ground: "#d9834a", text: "#15120f" },
  { ground: "#a95c2b", text: "#ffffff" },
  { ground: "#74411f", text: "#f3ece4" },
  { ground: "#422c1d", text: "#efe7de" },
  { ground: "#22252a", text: "#e8e5df" },
  { ground: "#1d3145", text: "#e4ebf2" },
  { ground: "#234c73", text: "#eef3f8" },
  { ground: "#3a76ad", text: "#ffffff" },
  { ground: "#7db0e0", text: "#0f1418" },
];

/** Bands of the weights chart: twelve assets, then everything else. */
export const BANDS_LIGHT: readonly string[] = [
  "#1f4e79",
  "#c0783c",
  "#5f8f7b",
  "#8a5a83",
  "#c9a84c",
  "#4a86b8",
  "#9c4a3a",
  "#93a862",
  "#6a6f9e",
  "#d3a08a",
  "#3f7680",
  "#b38fb0",
  "#c4beb3",
];

export const BANDS_DARK: readonly string[] = [
  "#6fa3d6",
  "#d08f57",
  "#7bb09a",
  "#b184aa",
  "#cfb366",
  "#4c83b3",
  "#bf6f5c",
  "#a3b873",
  "#8b91c4",
  "#d9ac98",
  "#5b9aa5",
  "#c9a9c6",
  "#5c5f62",
];

/** Selector states in the order of SELECTOR_STATES: the usual one quiet, the one furthest from it loudest. Apart for
 *  every common colour blindness. */
export const STATES_LIGHT: readonly string[] = ["#b3cbe0", "#e39a3b", "#6b2c12", "#2f78b4"];
export const STATES_DARK: readonly string[] = ["#2b4560", "#d98a2b", "#e6d0bb", "#74b2ea"];

/** `var(--name)` for a palette entry. */
export function tone(name: keyof Palette): string {
  return `var(--${name})`;
}

export function bandTone(k: number): string {
  return `var(--band-${k})`;
}

/** @param state position in SELECTOR_STATES */
export function stateTone(state: number): string {
  return `var(--state-${state})`;
}

export function divergingGround(step: number): string {
  return `var(--step-${step})`;
}

export function divergingText(step: number): string {
  return `var(--step-text-${step})`;
}

/** The custom properties of both themes: the reader's system decides unless `data-theme` does; print is always light. */
export function themeCss(): string {
  const light = `color-scheme:light;${properties(LIGHT, DIVERGING_LIGHT, BANDS_LIGHT, STATES_LIGHT)}`;
  const dark = `color-scheme:dark;${properties(DARK, DIVERGING_DARK, BANDS_DARK, STATES_DARK)}`;
  return [
    `:root{${light}}`,
    `@media screen and (prefers-color-scheme:dark){:root:not([data-theme="light"]){${dark}}}`,
    `@media screen{:root[data-theme="dark"]{${dark}}}`,
  ].join("\n");
}

function properties(
  palette: Palette,
  steps: readonly DivergingStep[],
  bands: readonly string[],
  states: readonly string[],
): string {
  return [
    ...Object.entries(palette).map(([name, colour]) => `--${name}:${colour}`),
    ...steps.flatMap((step, k) => [`--step-${k}:${step.ground}`, `--step-text-${k}:${step.text}`]),
    ...bands.map((colour, k) => `--band-${k}:${colour}`),
    ...states.map((colour, k) => `--state-${k}:${colour}`),
  ].join(";");
}
