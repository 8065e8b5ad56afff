/** `sweep --cfg` and `sweep --info`: what was composed, and how. */
import { SweepError } from "../errors.ts";
import type { Workspace } from "../inputs/workspace.ts";
import type { CommandLine } from "./arguments.ts";
import { EXIT } from "./report-error.ts";

export function showConfig(command: CommandLine, { composer }: Workspace): number {
  if (command.info !== undefined) {
    throw new SweepError("USAGE", `--info ${command.info} is not available.`, { hint: "Use --cfg job." });
  }
  const composition = composer.compose(command.overrides, { mode: "run" });
  const options = { resolve: command.resolve, ...(command.package === undefined ? {} : { package: command.package }) };
  process.stdout.write(composition.toYaml(command.cfg, options));
  return EXIT.done;
}
