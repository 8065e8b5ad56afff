/** `sweep completion [bash|zsh|fish]`: prints a completion script, or how to install one. */

import { SweepError } from "../../errors.ts";
import { suggest } from "../../suggest.ts";
import { EXIT } from "../report-error.ts";
import { completionScript, INSTALL, SHELLS } from "./scripts.ts";

const USAGE = `Usage: sweep completion bash|zsh|fish

Prints a script that completes options, config groups, their options, keys and values. To install it, with sweep on your
PATH (\`npm install -g\` or \`npm link\`; \`npx sweep\` is not completed), run the line for your shell and open a new one:

${SHELLS.map((shell) => `  ${shell.padEnd(6)}${INSTALL[shell]}\n`).join("")}`;

export function completionCommand(words: readonly string[]): number {
  const [given, ...others] = words;
  if (given === undefined || given === "--help" || given === "-h") {
    process.stdout.write(USAGE);
    return EXIT.done;
  }
  const shell = SHELLS.find((name) => name === given);
  if (shell === undefined || others.length > 0) {
    const near = suggest(given, SHELLS);
    throw new SweepError("USAGE", `Found 'completion ${words.join(" ")}', expected one of ${SHELLS.join(", ")}.`, {
      hint: near.length > 0 ? `Did you mean '${near[0]}'?` : "For example: sweep completion bash",
    });
  }
  process.stdout.write(completionScript(shell));
  return EXIT.done;
}
