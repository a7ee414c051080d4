/** `--registry`, the same for every command that reads or writes runs. */
import { Option } from "commander";
import { DEFAULT_REGISTRY } from "../experiment/registry-file.ts";
import { optionPath } from "./option-path.ts";

export function registryOption(): Option {
  return new Option("--registry <file>", "registry of runs (SQLite)")
    .env("BALLAST_REGISTRY")
    .argParser(optionPath)
    .default(DEFAULT_REGISTRY);
}
