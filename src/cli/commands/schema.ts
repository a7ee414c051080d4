/** `ballast schema`: the experiment format as JSON Schema. */
import type { Command } from "commander";
import { experimentJsonSchema } from "../../experiment/schema.ts";
import { printResult } from "../output.ts";

export function addSchema(program: Command): void {
  program
    .command("schema")
    .description("print the JSON Schema of experiment files, for editors")
    .option("--json", "the same; the schema is JSON already")
    .addHelpText(
      "after",
      "\nExample:\n  ballast schema > experiment.schema.json\n  (then, as first line of an experiment:\n   # yaml-language-server: $schema=experiment.schema.json)",
    )
    .action(() => printResult(JSON.stringify(experimentJsonSchema(), null, 2)));
}
