import { globSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { configWriter } from "../../src/experiment/config-text.ts";

describe("configWriter", () => {
  test("writes every experiment as one call for the whole would, one after another", () => {
    const write = configWriter();
    const files = globSync("experiments/*.yaml");
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const config = parse(readFileSync(file, "utf8"));
      expect(write(config)).toBe(stringify(config, { lineWidth: 0 }));
    }
  });

  test("writes any plain data so, blocks met before included", () => {
    const blocks = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1, noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(blocks, { minLength: 1, maxLength: 3 }), (configs) => {
        const write = configWriter();
        for (const config of [...configs, ...configs]) {
          const plain = JSON.parse(JSON.stringify(config));
          expect(write(plain)).toBe(stringify(plain, { lineWidth: 0 }));
        }
      }),
    );
  });

  test("tells blocks of the same text under other keys, and other values, apart", () => {
    const write = configWriter();
    expect(write({ a: { x: 1 } })).toBe("a:\n  x: 1\n");
    expect(write({ b: { x: 1 } })).toBe("b:\n  x: 1\n");
    expect(write({ a: { x: "1" } })).toBe('a:\n  x: "1"\n');
  });
});
