/** XGBoost's C library: where it is, whether it is the one that was tested, and its calls, which koffi makes.
 *  The library inside npm `xgboost_node` is for Linux x64 with glibc; BALLAST_XGBOOST_LIB names another one. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isMainThread } from "node:worker_threads";
import type * as Koffi from "koffi";
import { InputError } from "../core/errors.ts";

/** SHA-256 of lib/libxgboost.so (XGBoost 1.7.5) in xgboost_node 0.4.2. */
const BUNDLED_SHA256 = "4e67ae39463156ef6c5f42d740d51065afed5e8611a51642f74261382e4bc7bc";

/** Names a libxgboost to use in place of the bundled one. */
export const XGBOOST_PATH_VARIABLE = "BALLAST_XGBOOST_LIB";

/** Predictions from matrices by JSON options and UBJSON models are there from this version on. */
const OLDEST = [1, 7] as const;

const OTHER_MODELS = "ridge, ols and theil_sen work without it, xgboost and random_forest do not";

/** A pointer that XGBoost gave out. */
export type XgboostHandle = bigint;

/** No library for this platform, or one that does not load: not the fault of a config that works elsewhere. */
export class XgboostUnavailableError extends InputError {
  constructor(where: string, reason: string) {
    const remedy = `${OTHER_MODELS}; ${XGBOOST_PATH_VARIABLE} can name a libxgboost ${OLDEST.join(".")} or later`;
    super([{ where, rule: `XGBoost is not available: ${reason}. ${remedy}` }]);
    this.name = "XgboostUnavailableError";
  }
}

/** A call that XGBoost refused, in its own words but for the time and the line of its source. */
export class XgboostError extends Error {
  constructor(call: string, message: string) {
    super(`${call}: ${message.split("\n")[0]!.replace(/^\[[\d:]+\] \S+:\d+: /, "")}`);
    this.name = "XgboostError";
  }
}

/** A call of the C API; throws an XgboostError when it returns one. */
type Call = (...values: readonly unknown[]) => void;

export interface XgboostLibrary {
  readonly path: string;
  /** "1.7.5" */
  readonly version: string;
  readonly calls: Readonly<Record<CallName, Call>>;
  /** The bytes at an address, copied: XGBoost reuses its buffers with the next call. */
  readonly copyBytes: (address: XgboostHandle, bytes: number) => Uint8Array<ArrayBuffer>;
  /** The C strings that an array of `count` pointers names. */
  readonly readStrings: (address: XgboostHandle, count: number) => string[];
}

const SIGNATURES = {
  XGDMatrixCreateFromMat_omp: "(const float*, uint64_t, uint64_t, float, _Out_ void**, int)",
  XGDMatrixSetFloatInfo: "(void*, const char*, const float*, uint64_t)",
  XGDMatrixFree: "(void*)",
  XGBoosterCreate: "(void**, uint64_t, _Out_ void**)",
  XGBoosterFree: "(void*)",
  XGBoosterSetParam: "(void*, const char*, const char*)",
  XGBoosterUpdateOneIter: "(void*, int, void*)",
  XGBoosterPredictFromDMatrix: "(void*, void*, const char*, _Out_ void**, _Out_ uint64_t*, _Out_ void**)",
  XGBoosterSlice: "(void*, int, int, int, _Out_ void**)",
  XGBoosterSaveModelToBuffer: "(void*, const char*, _Out_ uint64_t*, _Out_ void**)",
  XGBoosterLoadModelFromBuffer: "(void*, const uint8_t*, uint64_t)",
  XGBoosterFeatureScore:
    "(void*, const char*, _Out_ uint64_t*, _Out_ void**, _Out_ uint64_t*, _Out_ void**, _Out_ void**)",
} as const;
type CallName = keyof typeof SIGNATURES;

/** A place to load the library from. */
export interface XgboostSource {
  readonly path: string;
  /** What the file must hash to; null = whatever the person named. */
  readonly sha256: string | null;
}

let opened: XgboostLibrary | undefined;

/**
 * The library, loaded once a thread.
 *
 * @throws XgboostUnavailableError saying what is missing, and which models work without it
 * @throws InputError when the bundled library is not the one that was tested
 */
export function openXgboost(): XgboostLibrary {
  opened ??= loadXgboost(xgboostSource(process.env));
  return opened;
}

/** SHA-256 of the library that would be loaded: what a model hangs on beside its rows and parameters. */
export function xgboostDigest(): string {
  const { path, sha256 } = xgboostSource(process.env);
  return sha256 ?? createHash("sha256").update(readLibrary(path)).digest("hex");
}

/**
 * Makes idle OpenMP threads sleep in place of spinning, which slows two busy processes down sevenfold. libgomp reads it
 * when it is loaded, from the environment that only the main thread can change: call it there before a worker fits.
 */
export function prepareXgboost(): void {
  process.env.OMP_WAIT_POLICY ??= "PASSIVE";
}

/**
 * Why XGBoost cannot be used here; null when it can.
 *
 * @throws InputError when the bundled library is not the one that was tested
 */
export function xgboostObstacle(): string | null {
  try {
    openXgboost();
    return null;
  } catch (error) {
    if (error instanceof XgboostUnavailableError) return error.message;
    throw error;
  }
}

/** @throws XgboostUnavailableError when neither the variable nor an installed package names a library for this platform */
export function xgboostSource(
  environment: Readonly<Record<string, string | undefined>>,
  { platform, arch }: Pick<NodeJS.Process, "platform" | "arch"> = process,
): XgboostSource {
  const path = environment[XGBOOST_PATH_VARIABLE];
  if (path !== undefined && path !== "") return { path, sha256: null };
  if (platform !== "linux" || arch !== "x64")
    throw new XgboostUnavailableError("xgboost", `there is no bundled library for ${platform} ${arch}`);
  try {
    return { path: createRequire(import.meta.url).resolve("xgboost_node/lib/libxgboost.so"), sha256: BUNDLED_SHA256 };
  } catch {
    throw new XgboostUnavailableError("xgboost", "the optional package xgboost_node is not installed");
  }
}

/**
 * @throws XgboostUnavailableError when the file is missing or does not load
 * @throws InputError when it is not the one expected
 * @throws Error in a worker that started before `prepareXgboost` was called
 */
export function loadXgboost({ path, sha256 }: XgboostSource): XgboostLibrary {
  if (isMainThread) prepareXgboost();
  else if (process.env.OMP_WAIT_POLICY === undefined)
    throw new Error("loadXgboost: call prepareXgboost in the main thread before the worker starts");
  const bytes = readLibrary(path);
  const found = createHash("sha256").update(bytes).digest("hex");
  if (sha256 !== null && found !== sha256)
    throw InputError.of({
      where: path,
      rule: `is not the XGBoost library that was tested (sha256 ${sha256}): install the packages anew, or name a library in ${XGBOOST_PATH_VARIABLE}`,
      got: found,
    });
  const native = importKoffi();
  let handle: Koffi.LibraryHandle;
  try {
    handle = native.load(path);
  } catch (error) {
    throw new XgboostUnavailableError(path, whyNotLoaded(error instanceof Error ? error.message : `${error}`));
  }
  return bind(native, handle, path);
}

function readLibrary(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new XgboostUnavailableError(path, `cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
}

function importKoffi(): typeof Koffi {
  try {
    return createRequire(import.meta.url)("koffi");
  } catch (error) {
    throw new XgboostUnavailableError(
      "xgboost",
      `the optional package koffi does not load (${(error as Error).message})`,
    );
  }
}

/** The loader's message, with what to do about the cases that are known. */
function whyNotLoaded(message: string): string {
  if (message.includes("libgomp")) return `libgomp.so.1 is missing (Debian: libgomp1, Fedora: libgomp), ${message}`;
  if (process.platform !== "linux") return message;
  const glibc = (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header.glibcVersionRuntime;
  if (glibc === undefined) return `it needs glibc 2.34 and this system has another C library (musl?), ${message}`;
  return message.includes("GLIBC_") ? `it needs glibc 2.34 and this system has ${glibc}, ${message}` : message;
}

function bind(native: typeof Koffi, handle: Koffi.LibraryHandle, path: string): XgboostLibrary {
  let lastError: () => string;
  let version: string;
  const calls: Partial<Record<CallName, Call>> = {};
  try {
    lastError = handle.func("const char* XGBGetLastError()");
    version = versionOf(handle);
    for (const [name, parameters] of Object.entries(SIGNATURES)) {
      const call = handle.func(`int ${name}${parameters}`);
      calls[name as CallName] = (...values) => {
        if (call(...values) !== 0) throw new XgboostError(name, lastError());
      };
    }
  } catch (error) {
    throw new XgboostUnavailableError(path, `it is not a libxgboost (${(error as Error).message})`);
  }
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    throw new XgboostUnavailableError(path, `it is version ${version}`);
  return {
    path,
    version,
    calls: calls as Record<CallName, Call>,
    copyBytes: (address, bytes) => new Uint8Array(native.view(address, bytes)).slice(),
    // one by one: koffi never frees the type of an array
    readStrings: (address, count) => Array.from({ length: count }, (_, i) => native.decode(address, 8 * i, "char*")),
  };
}

function versionOf(handle: Koffi.LibraryHandle): string {
  const parts = [[0], [0], [0]];
  handle.func("void XGBoostVersion(_Out_ int*, _Out_ int*, _Out_ int*)")(...parts);
  return parts.map(([part]) => part).join(".");
}
