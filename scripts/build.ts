/** `npm run build`: compiles src to dist and the kernel to WebAssembly, bundles the browser side of reports, records
 *  which source it was. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BUILD_INFO, hashSource } from "../src/experiment/code-version.ts";
import { buildKernel } from "./build-kernel.ts";
import { bundleCharts } from "./bundle-charts.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });

const compiler = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"];
const compiled = spawnSync(process.execPath, compiler, { cwd: root, stdio: "inherit" });
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

mkdirSync(`${root}dist/assets`, { recursive: true });
await bundleCharts(`${root}dist/assets/charts.js`);
await buildKernel(`${root}dist/assets/kernel.wasm`);
writeFileSync(`${root}${BUILD_INFO}`, `${JSON.stringify({ codeHash: hashSource(`${root}src`) })}\n`);
