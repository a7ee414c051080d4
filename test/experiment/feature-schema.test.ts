import { describe, expect, test } from "vitest";
import { z } from "zod";
import { FEATURE_NAMES } from "../../src/data/features/catalogue.ts";
import { featureName } from "../../src/data/features/feature-name.ts";
import { featureSpecs, features } from "../../src/experiment/feature-schema.ts";
import { parseStrictYaml } from "../../src/experiment/strict-yaml.ts";

const schema = z.strictObject({ features: features() });
const parse = (yaml: string) => parseStrictYaml(`features: ${yaml}\n`, "x.yaml", [], { schema, least: "features" });
const specs = (yaml: string) => featureSpecs(parse(yaml).features);

test("keys become parameters and defaults fill in the rest", () => {
  expect(specs("[{name: momentum, lookback_bars: 252, skip_bars: 21}, {name: volatility}, {name: macd}]")).toEqual([
    { name: "momentum", lookbackBars: 252, skipBars: 21 },
    { name: "volatility", lookbackBars: 20, minBars: null },
    { name: "macd", fastBars: 12, slowBars: 26, signalBars: 9, output: "histogram" },
  ]);
});

test("the block with its defaults filled in means the same when it is read again", () => {
  const names = FEATURE_NAMES.map((name) => (name === "column" ? "{name: column, column: mood}" : `{name: ${name}}`));
  const once = parse(`[${names.join(", ")}]`).features;
  expect(features().parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
  expect(featureSpecs(once).map(featureName)).toContain("residual_momentum_252");
});

describe("refused, with the place and the value", () => {
  test.each([
    ["[{name: momentun}]", "features.0.name: must be one of return, momentum, reversal, "],
    ["[{name: momentun}]", 'intraday_return, funding, column, got "momentun"'],
    ["[{lookback_bars: 5}]", "features.0.name: must be one of return, momentum"],
    ["[momentum]", 'features.0: must be a mapping such as {name: momentum, lookback_bars: 60}, got "momentum"'],
    ["{name: momentum}", 'features: must be a list, got "a mapping"'],
    ["[]", "features: must have at least 1"],
    ["[{name: momentum, lookbck_bars: 3}]", "features.0.lookbck_bars: unknown key"],
    ["[{name: rsi, min_bars: 3}]", "features.0.min_bars: unknown key"],
    ["[{name: return}, {name: volatility, lookback_bars: 1}]", "features.1.lookback_bars: must be at least 2, got 1"],
    ["[{name: momentum, lookback_bars: 2.5}]", "features.0.lookback_bars: must be a whole number, got 2.5"],
    ["[{name: momentum, skip_bars: 60}]", "features.0.skip_bars: must be below lookback_bars 60, got 60"],
    ["[{name: volatility, min_bars: 30}]", "features.0.min_bars: is above lookback_bars 20, got 30"],
    ["[{name: macd, fast_bars: 26}]", "features.0.fast_bars: must be below slow_bars 26, got 26"],
    ["[{name: volume_trend, short_bars: 60}]", "features.0.short_bars: must be below lookback_bars 60, got 60"],
    ["[{name: macd, output: lin}]", 'must be one of histogram, line, signal, got "lin", did you mean "line"?'],
    ["[{name: column}]", "features.0.column: is required (text)"],
    ["[{name: rsi}, {name: rsi, lookback_bars: 14}]", "features.1: makes the column rsi_14 a second time"],
    ["[{name: rsi}, {name: column, column: rsi_14}]", "features.1: makes the column rsi_14 a second time"],
  ])("%s: %s", (yaml, message) => {
    expect(() => parse(yaml)).toThrow(message);
    expect(() => parse(yaml)).toThrow("x.yaml:1 ");
  });
});

test("an editor is told every feature, its keys, defaults and limits", () => {
  const text = JSON.stringify(z.toJSONSchema(schema, { io: "input" }));
  for (const name of FEATURE_NAMES) expect(text).toContain(`"const":"${name}"`);
  expect(text).toContain('"skip_bars":{"default":0,');
  expect(text).toContain('"enum":["histogram","line","signal"]');
});
