import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { readChartsScript } from "../../src/report/charts-script.ts";

it("a missing charts script is an error that names the file and the remedy", async () => {
  await expect(readChartsScript(pathToFileURL("/nowhere/charts.js"))).rejects.toThrow(
    '/nowhere/charts.js: the charts script of the reports is missing, run "npm run build"',
  );
});
