/** `sweep --cfg` and `sweep --info`: what was composed, and how. */
import type { Workspace } from "../inputs/workspace.ts";
import type { CommandLine } from "./arguments.ts";
import { infoJson, infoText } from "./info/info.ts";
import { EXIT } from "./report-error.ts";

export function showConfig(command: CommandLine, { composer, plugins }: Workspace): number {
  const { overrides, resolve, info } = command;
  if (info !== undefined) {
    // Of a sweep its own configuration is shown, without the swept values.
    const mode = command.multirun ? "multirun" : composer.mode(overrides);
    const composition = composer.compose(overrides, { mode });
    for (const warning of composition.warnings) process.stderr.write(`sweep: ${warning}\n`);
    const request = { composer, composition, overrides, resolve, own: plugins };
    process.stdout.write(
      command.json ? `${JSON.stringify(infoJson(info, request), null, 2)}\n` : infoText(info, request),
    );
    return EXIT.done;
  }
  const composition = composer.compose(overrides, { mode: "run" });
  const options = { resolve, ...(command.package === undefined ? {} : { package: command.package }) };
  process.stdout.write(composition.toYaml(command.cfg, options));
  return EXIT.done;
}
