/** Runs the command line from source: `node src/cli/start.ts run experiments/quickstart.yaml`. */
import { main } from "./main.ts";

process.exitCode = await main(process.argv.slice(2));
