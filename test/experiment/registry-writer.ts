/** A process that records runs one at a time, opening the registry anew for each:
 *  `node registry-writer.ts <registry> <name> <count>`. */
import { recordRuns } from "../../src/experiment/registry.ts";
import { useRegistry } from "../../src/experiment/registry-file.ts";
import { fabricateRunEntry } from "./fabricate-run-entry.ts";

const [registry, name, count] = process.argv.slice(2);
for (let i = 0; i < Number(count); i++) {
  // every tenth is the same run in all processes
  const id = i % 10 === 0 ? `shared-${i}` : `${name}-${i}`;
  useRegistry(registry!, "record", (database) => recordRuns(database, [fabricateRunEntry(id)]));
}
