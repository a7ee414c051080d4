/** A cache whose faults cost time and nothing else: what cannot be read counts as absent, and after a write that failed
 *  nothing more is written. */
import { systemFailure } from "../core/system-failure.ts";
import { NO_CACHE, type StageCache } from "./stage-cache.ts";

export interface ForgivingCache extends StageCache {
  /** What went wrong so far, a sentence each; for people, as results do not depend on it. */
  warnings(): readonly string[];
  counts(): CacheCounts;
}

/** All 0 where nothing was to be kept. */
export interface CacheCounts {
  /** Reads that found something. */
  readonly hits: number;
  readonly written: number;
  /** Results that could not be written. */
  readonly lost: number;
}

/** Errors that are not the system's are thrown: they are defects. */
export function forgivingCache(cache: StageCache): ForgivingCache {
  if (cache === NO_CACHE) return { ...NO_CACHE, warnings: () => [], counts: () => ({ hits: 0, written: 0, lost: 0 }) };
  let [hits, written, lost] = [0, 0, 0];
  let unreadable: string | null = null;
  let unwritable: string | null = null;
  return {
    read(key) {
      try {
        const value = cache.read(key);
        if (value !== undefined) hits++;
        return value;
      } catch (error) {
        unreadable ??= faultOf(error);
        return undefined;
      }
    },
    write(key, value) {
      try {
        if (unwritable === null) cache.write(key, value);
      } catch (error) {
        unwritable = faultOf(error);
      }
      if (unwritable === null) written++;
      else lost++;
    },
    warnings: () => [...faultWords(unreadable, unwritable, written), ...(cache.warnings?.() ?? [])],
    counts: () => ({ hits, written, lost }),
  };
}

function faultWords(unreadable: string | null, unwritable: string | null, written: number): string[] {
  if (unreadable !== null && unreadable === unwritable)
    return [`the cache cannot be used, ${unreadable}: nothing is taken from it, nothing kept in it`];
  return [
    ...(unreadable === null ? [] : [`the cache cannot be read, ${unreadable}: what is in it is computed again`]),
    ...(unwritable === null ? [] : [`the cache cannot be written, ${unwritable}: ${keptWords(written)}`]),
  ];
}

function keptWords(written: number): string {
  return written === 0 ? "it keeps nothing of this run" : `it keeps the first ${written} results of this run only`;
}

function faultOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined || code.startsWith("ERR_")) throw error;
  return systemFailure(error) ?? message;
}
