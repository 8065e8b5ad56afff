/** The command `sweep`: chooses what to do and turns errors into messages and exit statuses. */
import { SweepError } from "../errors.ts";
import { openWorkspace, packageVersion } from "../inputs/workspace.ts";
import { parseCommandLine } from "./arguments.ts";
import { dryRun } from "./dry-run.ts";
import { multirun, resume } from "./multirun.ts";
import { EXIT, reportError } from "./report-error.ts";
import { showConfig } from "./show-config.ts";
import { singleRun } from "./single-run.ts";

/** Runs the command and resolves to its exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const command = parseCommandLine(argv, packageVersion());
    if (command === undefined) return EXIT.done;
    if (command.resume !== undefined) {
      if (command.overrides.length > 0) {
        throw new SweepError("USAGE", "--resume takes no overrides: the sweep's plan has them.", {
          hint: "Leave the overrides out, or start another sweep.",
        });
      }
      return await resume(command, command.resume);
    }
    const workspace = openWorkspace(command);
    if (command.cfg !== undefined || command.info !== undefined) return showConfig(command, workspace);
    const isMultirun = command.multirun || workspace.composer.mode(command.overrides) === "multirun";
    if (command.dryRun) return await dryRun(command, workspace, isMultirun);
    return isMultirun ? await multirun(command, workspace) : await singleRun(command, workspace);
  } catch (error) {
    return reportError(error);
  }
}
