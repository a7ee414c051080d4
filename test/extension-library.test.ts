import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import * as library from "../src/extension-library.ts";
import * as ballast from "../src/index.ts";

test("what extensions get is part of the public library, under the same names", () => {
  expect(Object.keys(library).length).toBeGreaterThan(40);
  for (const [name, value] of Object.entries(library)) expect(ballast, name).toHaveProperty(name, value);
});

test("is what the page on extensions lists", () => {
  const page = readFileSync(new URL("../docs/extensions.md", import.meta.url), "utf8");
  expect(Object.keys(library).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test("can be loaded without waiting, as a config is read", () => {
  expect(createRequire(import.meta.url)("../src/extension-library.ts")).toHaveProperty("defineFeature");
});
