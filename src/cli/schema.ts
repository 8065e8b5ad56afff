/** `sweep schema --out DIR`: writes a JSON Schema per config group, and one for primary configs, for editors. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SweepError } from "../errors.ts";
import { makeDirectories } from "../results/durable-files.ts";
import { builtSchemaNames, builtSchemaText } from "../schema/built-schemas.ts";
import { displayPath } from "./display-path.ts";
import { describeOptions, type OptionTable, parseOptions } from "./option-table.ts";
import { EXIT } from "./report-error.ts";

const OPTIONS = {
  out: { type: "string", value: "DIR", describe: "Folder to write to" },
  help: { type: "boolean", short: "h", describe: "Show this help" },
} as const satisfies OptionTable;

const HELP = `Usage: sweep schema --out DIR

Writes DIR/GROUP.schema.json for every config group, and DIR/config.schema.json for primary configs. An editor with
a YAML language server completes and checks a file that begins with a line such as

  # yaml-language-server: $schema=DIR/cluster.schema.json

${describeOptions(OPTIONS)}`;

export function schemaCommand(argv: readonly string[]): number {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  if (options.out === undefined || words.length > 0) {
    throw new SweepError("USAGE", words.length > 0 ? `Unknown argument '${words[0]}'.` : "--out is missing.", {
      hint: "For example: sweep schema --out schemas",
    });
  }
  const folder = options.out;
  try {
    makeDirectories(folder);
    for (const name of builtSchemaNames()) {
      writeFileSync(join(folder, name), builtSchemaText(name));
      process.stdout.write(`${displayPath(join(folder, name))}\n`);
    }
  } catch (error) {
    throw new SweepError("USAGE", `Cannot write to '${folder}': ${(error as Error).message}`, { cause: error });
  }
  return EXIT.done;
}
