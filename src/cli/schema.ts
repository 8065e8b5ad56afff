/** `sweep schema --out DIR`: writes a JSON Schema per config group, and one for primary configs, for editors. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import yargs from "yargs";
import { SweepError } from "../errors.ts";
import { builtSchemaNames, builtSchemaText } from "../schema/built-schemas.ts";
import { displayPath } from "./display-path.ts";
import { EXIT } from "./report-error.ts";

const USAGE = `Usage: sweep schema --out DIR

Writes DIR/GROUP.schema.json for every config group, and DIR/config.schema.json for primary configs. An editor with
a YAML language server completes and checks a file that begins with a line such as

  # yaml-language-server: $schema=DIR/cluster.schema.json`;

export function schemaCommand(words: readonly string[]): number {
  const options = yargs([...words])
    .scriptName("sweep schema")
    .usage(USAGE)
    .option("out", { type: "string", demandOption: true, describe: "Folder to write to" })
    .strict()
    .version(false)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new SweepError("USAGE", `${message}.`, { hint: "For example: sweep schema --out schemas" });
    })
    .parseSync();
  if (options.help === true) return EXIT.done;
  try {
    mkdirSync(options.out, { recursive: true });
    for (const name of builtSchemaNames()) {
      writeFileSync(join(options.out, name), builtSchemaText(name));
      process.stdout.write(`${displayPath(join(options.out, name))}\n`);
    }
  } catch (error) {
    throw new SweepError("USAGE", `Cannot write to '${options.out}': ${(error as Error).message}`, { cause: error });
  }
  return EXIT.done;
}
