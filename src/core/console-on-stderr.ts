/** What an extension that is being debugged logs goes to stderr: stdout is for results. */
import { Console } from "node:console";

/** Replaces the console of this thread for good. */
export function consoleOnStderr(): void {
  globalThis.console = new Console(process.stderr, process.stderr);
}
