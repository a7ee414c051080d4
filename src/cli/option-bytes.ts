/** Options that name a size: "500MB", "1.5 GB". */
import { InvalidArgumentError } from "commander";

const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** A commander argument parser. @returns bytes; MB are millions, MiB powers of two */
export function optionBytes(text: string): number {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(text) ?? [];
  const size = unit === undefined ? undefined : UNITS[unit.toLowerCase()];
  if (amount === undefined || size === undefined)
    throw new InvalidArgumentError("Must be a size with its unit, such as 500MB or 2GB.");
  const bytes = Number(amount) * size;
  if (bytes < 1) throw new InvalidArgumentError("Must be above 0; --no-cache keeps nothing.");
  return bytes;
}
