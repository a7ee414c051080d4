/** Starts the command line of this process; from source, `node src/cli/start.ts run experiments/quickstart.yaml`. */
import { consoleOnStderr } from "../core/console-on-stderr.ts";
import { main } from "./main.ts";

// `ballast ... | head` closes the pipe early, and the error comes after the writing is done: that is no failure.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    if (stream === process.stdout) process.stderr.write(`ballast: the output cannot be written (${error.code})\n`);
    process.exit(1);
  });

consoleOnStderr();
process.exitCode = await main(process.argv.slice(2));
