/** The compiled kernel, where this process can run it. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Entry } from "./variant.ts";

/** What the kernel needs of the process it runs in. */
export interface KernelHost {
  /** The file that `npm run build` leaves behind. */
  readonly asset: URL;
  /** True when WebAssembly takes vector instructions on shared memory. */
  canRun(): boolean;
  warn(message: string): void;
}

/** The same file from src/execution/kernel and from dist/execution/kernel. */
const BUILT = new URL("../../../dist/assets/kernel.wasm", import.meta.url);

/** A module with a shared memory and one function: v128.const 0, drop. */
const PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 4, 1, 3, 1, 1],
  ...[10, 23, 1, 21, 0, 253, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 26, 11],
);

export const THIS_PROCESS: KernelHost = {
  asset: BUILT,
  canRun: () => typeof SharedArrayBuffer === "function" && WebAssembly.validate(PROBE),
  warn: (message) => process.emitWarning(message, { code: "BALLAST_REFERENCE_PATH" }),
};

/** @returns null, after one warning, where the kernel cannot run; results are the same without it, only later */
export function openKernel(host: KernelHost): WebAssembly.Module | null {
  if (!host.canRun()) {
    host.warn("WebAssembly SIMD on shared memory is missing here: batches run on the slower reference path");
    return null;
  }
  if (!existsSync(host.asset)) {
    host.warn(`${fileURLToPath(host.asset)} is missing, run "npm run build": batches run on the slower reference path`);
    return null;
  }
  return new WebAssembly.Module(readFileSync(host.asset));
}

let opened: WebAssembly.Module | null | undefined;

/** Opened once per process, so that it warns once. */
export function processKernel(): WebAssembly.Module | null {
  if (opened === undefined) opened = openKernel(THIS_PROCESS);
  return opened;
}

/** A share of the batch record at `batch`, as large as it turns out: threads take so many configs at a time from a common
 *  counter, so that none waits for a slower one. `scratch` is the job's own. */
export interface KernelJob {
  readonly entry: Entry;
  readonly batch: number;
  readonly scratch: number;
  /** Address of the first config nobody has taken, and the config after the last. */
  readonly next: number;
  readonly last: number;
  /** Configs taken at a time. */
  readonly step: number;
}

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): WebAssembly.Instance {
  const abort = () => {
    throw new Error("the execution kernel gave up");
  };
  return new WebAssembly.Instance(module, { env: { memory, abort } });
}

export function runJob(
  { exports }: WebAssembly.Instance,
  { buffer }: WebAssembly.Memory,
  { entry, batch, scratch, next, last, step }: KernelJob,
): void {
  const run = exports[entry] as (batch: number, scratch: number, first: number, last: number) => void;
  const counter = new Int32Array(buffer, next, 1);
  for (let first = Atomics.add(counter, 0, step); first < last; first = Atomics.add(counter, 0, step))
    run(batch, scratch, first, Math.min(first + step, last));
}
