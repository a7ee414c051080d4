import { describe, expect, it } from "vitest";
import {
  BANDS_DARK,
  BANDS_LIGHT,
  DARK,
  DIVERGING_DARK,
  DIVERGING_LIGHT,
  LIGHT,
  themeCss,
} from "../../src/report/theme.ts";

/** Contrast ratio of WCAG 2.2: (L1 + 0.05) / (L2 + 0.05), L the relative luminance of sRGB. */
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(colour.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe.each([
  ["light", LIGHT, DIVERGING_LIGHT, BANDS_LIGHT],
  ["dark", DARK, DIVERGING_DARK, BANDS_DARK],
] as const)("the %s theme", (_name, palette, steps, bands) => {
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
