/** Bundles the script of the reports, Vega's runtime included, into one file. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ENTRY = fileURLToPath(new URL("../src/report/browser/main.ts", import.meta.url));

const NOTICE =
  "/* Vega, (c) University of Washington Interactive Data Lab, BSD-3-Clause; D3, (c) Mike Bostock, ISC; " +
  "texts in node_modules/{vega,d3-*}/LICENSE. */";

/**
 * Writes the minified browser bundle; equal sources give equal bytes.
 *
 * @param outFile path of the .js file, its folder made when missing
 */
export async function bundleCharts(outFile: string): Promise<void> {
  await build({
    entryPoints: [ENTRY],
    outfile: outFile,
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    charset: "ascii",
    legalComments: "none",
    banner: { js: NOTICE },
    logLevel: "warning",
  });
}
