import { expect, test } from "vitest";
import { slimSvg } from "../../src/report/slim-svg.ts";

test("coordinates keep a tenth of a pixel", () => {
  expect(slimSvg('<path d="M0.123,1L2.987,3.05"/>')).toBe('<path d="M0.1,1L3,3"/>');
  expect(slimSvg('<g transform="translate(0.55555,2)"/>')).toBe('<g transform="translate(0.6,2)"/>');
});

test("points on a level line between their neighbours are left out, turning points are not", () => {
  // (2,5) lies on the way from (1,5) to (3,5); at (3,9) the line comes back over itself to (2,9).
  expect(slimSvg('<path d="M0,0L1,5L2,5L3,5L3,9L4,9L2,9"/>')).toBe('<path d="M0,0L1,5L3,5L3,9L4,9L2,9"/>');
});

test("the size is left to the page where a view box tells it, and fonts to the style sheet", () => {
  expect(slimSvg('<svg width="880" height="20.5" viewBox="0 0 880 20.5"><text font-family="x">a</text></svg>')).toBe(
    '<svg viewBox="0 0 880 20.5"><text>a</text></svg>',
  );
});
