/** `ballast schema`: the experiment format as JSON Schema, with the extensions of one experiment or without any. */
import type { Command } from "commander";
import { extensionsOf } from "../../experiment/load-config.ts";
import { experimentJsonSchema } from "../../experiment/schema.ts";
import { printResult } from "../output.ts";

export function addSchema(program: Command): void {
  program
    .command("schema")
    .argument("[experiment]", "experiment file (YAML) whose extensions are part of the schema")
    .description("print the JSON Schema of experiment files, for editors")
    .option("--json", "the same; the schema is JSON already")
    .addHelpText(
      "after",
      "\nExample:\n  ballast schema > experiment.schema.json\n  ballast schema experiment.yaml > experiment.schema.json\n  (then, as first line of an experiment:\n   # yaml-language-server: $schema=experiment.schema.json)",
    )
    .action((experiment: string | undefined) => {
      const schema = experiment === undefined ? experimentJsonSchema() : experimentJsonSchema(extensionsOf(experiment));
      printResult(JSON.stringify(schema, null, 2));
    });
}
