import { describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { OWN, ownProject, projectOf } from "../support/own-extension.ts";

/** Every `const` and every value of an `enum` in a JSON Schema. */
function names(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { const: constant, enum: values = [] } = value as { const?: string; enum?: string[] };
  return [...(constant === undefined ? [] : [constant]), ...values, ...Object.values(value).flatMap(names)];
}

describe("ballast schema", () => {
  test("knows the names, parameters and defaults of an experiment's extensions", async () => {
    const { code, out } = await runCli("schema", ownProject());
    expect(code).toBe(0);
    const schema = JSON.parse(out) as { properties: { metrics: { properties: object } } };
    expect(names(schema)).toEqual(expect.arrayContaining(["own_change", "own_side", "own_best", "momentum", "sharpe"]));
    expect(schema.properties.metrics.properties).toHaveProperty("own_best");
    expect(out).toMatch(/"lookback_bars": \{\s+"default": 20,\s+"description": "Bars back\."/);
  });

  test("is that of every experiment without one", async () => {
    const { out } = await runCli("schema");
    expect(names(JSON.parse(out))).toContain("momentum");
    expect(out).not.toContain("own_change");
    expect(JSON.parse(out)).toHaveProperty(["properties", "extensions", "items", "type"], "string");
  });

  test("asks nothing of the rest of the experiment, but that its extensions can be loaded", async () => {
    const half = projectOf({ "x.yaml": "extensions: [./own.ts]\nsignl: 3\n", "own.ts": OWN, "change.ts": "" });
    const { code, err } = await runCli("schema", half);
    expect(code).toBe(2);
    expect(err).toMatch(/x\.yaml:1 extensions\.0: .*own\.ts does not parse: .*change/);
    expect((await runCli("schema", ownProject({ "x.yaml": "extensions: [./own.ts]\nsignl: 3\n" }))).code).toBe(0);
  });
});
