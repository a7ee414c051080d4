import { describe, expect, it } from "vitest";
import {
  BANDS_DARK,
  BANDS_LIGHT,
  DARK,
  DIVERGING_DARK,
  DIVERGING_LIGHT,
  LIGHT,
  STATES_DARK,
  STATES_LIGHT,
  themeCss,
} from "../../src/report/theme.ts";

/** Contrast ratio of WCAG 2.2: (L1 + 0.05) / (L2 + 0.05), L the relative luminance of sRGB. */
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Linear RGB of sRGB, 0..1. */
function channels(colour: string): Triple {
  return [1, 3, 5].map((i) => {
    const c = Number.parseInt(colour.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
}

function luminance(colour: string): number {
  const [r, g, b] = channels(colour);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

type Triple = readonly [number, number, number];

/** Linear RGB as dichromats see it, Vienot, Brettel, Mollon (1999): rows of the matrices of its section on linear RGB. */
const SEEN_BY: Readonly<Record<string, readonly Triple[]>> = {
  "everybody else": [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopes: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deuteranopes: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
};

/** CIE 1976 distance of two colours in L*a*b* (D65) as somebody sees them; 2.3 is just noticeable. */
function distance(a: string, b: string, matrix: readonly Triple[]): number {
  const [p, q] = [a, b].map((colour) => lab(colour, matrix)) as [Triple, Triple];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

function lab(colour: string, matrix: readonly Triple[]): Triple {
  const linear = channels(colour);
  const [r, g, b] = matrix.map((row) => row.reduce((sum, weight, i) => sum + weight * linear[i]!, 0)) as [
    number,
    number,
    number,
  ];
  const x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047;
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883;
  const f = (t: number): number => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29);
  return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))];
}

describe.each([
  ["light", LIGHT, DIVERGING_LIGHT, BANDS_LIGHT, STATES_LIGHT],
  ["dark", DARK, DIVERGING_DARK, BANDS_DARK, STATES_DARK],
] as const)("the %s theme", (_name, palette, steps, bands, states) => {
  it.each(Object.keys(SEEN_BY))("keeps selector states apart from each other and from paper for %s", (who) => {
    const colours = [...states, palette.paper];
    for (const [i, a] of colours.entries())
      for (const b of colours.slice(i + 1)) expect(distance(a, b, SEEN_BY[who]!), `${a} ${b}`).toBeGreaterThan(20);
  });

  it("has text of at least 4.5:1 on every ground it stands on", () => {
    for (const ground of [palette.paper, palette.raised])
      for (const text of [palette.ink, palette.muted, palette.accent, palette.loss])
        expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.notice, palette["notice-ground"])).toBeGreaterThanOrEqual(4.5);
  });

  it("has heatmap values of at least 4.5:1 on their cells", () => {
    for (const { ground, text } of steps)
      expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });

  it("has lines of at least 3:1 on paper", () => {
    for (const line of [palette.accent, palette.benchmark, palette.loss])
      expect(contrast(line, palette.paper), line).toBeGreaterThanOrEqual(3);
  });

  it("has an odd number of heatmap steps, the middle one for zero, and a band beyond the named ones", () => {
    expect(steps.length).toBe(9);
    expect(bands.length).toBe(13);
  });
});

describe("themeCss", () => {
  it("keeps the dark colours off paper", () => {
    for (const line of themeCss()
      .split("\n")
      .filter((rule) => rule.includes("color-scheme:dark")))
      expect(line).toMatch(/^@media screen/);
  });
});
