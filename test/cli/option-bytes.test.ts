import { describe, expect, test } from "vitest";
import { optionBytes } from "../../src/cli/option-bytes.ts";

describe("a size", () => {
  test.each([
    ["500MB", 500_000_000],
    ["2GB", 2_000_000_000],
    ["1.5 gb", 1_500_000_000],
    [" 250 kB ", 250_000],
    ["1TB", 1e12],
    ["64KiB", 65_536],
    ["1MiB", 1_048_576],
    ["2GiB", 2_147_483_648],
    ["12B", 12],
  ])("%j is %d bytes", (text, bytes) => {
    expect(optionBytes(text)).toBe(bytes);
  });

  test.each(["", "2", "2000000000", "GB", "2 pounds", "-1GB", "1e3MB", "1,5GB"])("%j is refused", (text) => {
    expect(() => optionBytes(text)).toThrow("Must be a size with its unit, such as 500MB or 2GB.");
  });

  test("nothing is no limit but another option", () => {
    expect(() => optionBytes("0GB")).toThrow("Must be above 0; --no-cache keeps nothing.");
  });
});
