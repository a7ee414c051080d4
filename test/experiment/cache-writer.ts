/** A process that writes entries into a cache and reads each back at once:
 *  `node cache-writer.ts <folder> <name> <count> <limit in bytes>`. Says what does not come back as it went in. */
import { hashValue } from "../../src/core/hash.ts";
import { openStageCache } from "../../src/experiment/stage-cache.ts";

const [folder, name, count, limit] = process.argv.slice(2);
const cache = openStageCache(folder!, Number(limit));
for (let i = 0; i < Number(count); i++) {
  const key = hashValue([name, i]);
  cache.write(key, new Float64Array(1000).fill(i));
  const back = cache.read(key) as Float64Array | undefined;
  // another process may have evicted it, but never torn it
  if (back?.some((value) => value !== i)) process.stdout.write(`${name} ${i} is torn\n`);
}
for (const warning of cache.warnings!()) if (!warning.includes("above its limit")) process.stdout.write(warning);
