/** `--workers`: how many threads work; results never depend on it. */
import { Option } from "commander";
import { optionNumber } from "./option-number.ts";

/** @param describe what the threads do */
export function workersOption(describe: string): Option {
  return new Option("--workers <n>", `${describe} (default: one a core)`).argParser(
    optionNumber({ whole: true, least: 1 }),
  );
}
