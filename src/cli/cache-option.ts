/** `--cache`, `--cache-limit` and `--no-cache`: where finished trials and fitted models are kept, and how many. */
import { type Command, Option } from "commander";
import {
  DEFAULT_CACHE,
  DEFAULT_CACHE_LIMIT,
  NO_CACHE,
  openStageCache,
  type StageCache,
} from "../experiment/stage-cache.ts";
import { optionBytes } from "./option-bytes.ts";
import { optionPath } from "./option-path.ts";

export interface CacheOptions {
  /** false with --no-cache. */
  readonly cache: string | false;
  /** Bytes. */
  readonly cacheLimit: number;
}

export function addCacheOptions(command: Command): Command {
  return command
    .option("--cache <dir>", "folder of finished trials and fitted models", optionPath, DEFAULT_CACHE)
    .addOption(
      new Option("--cache-limit <size>", "above it, what was unused longest is dropped")
        .argParser(optionBytes)
        .default(DEFAULT_CACHE_LIMIT, "2GB"),
    )
    .option("--no-cache", "keep and reuse nothing");
}

export function openCache({ cache, cacheLimit }: CacheOptions): StageCache {
  return cache === false ? NO_CACHE : openStageCache(cache, cacheLimit);
}
