/** The command `sweep`: chooses what to do and turns errors into messages and exit statuses. */
import { SweepError } from "../errors.ts";
import { packageVersion } from "../inputs/package-info.ts";
import { helpText } from "./help.ts";
import { EXIT, reportError } from "./report-error.ts";
import { runSubcommand } from "./run-subcommand.ts";

/** Runs the command and resolves to its exit status. What a command needs is loaded when its turn comes. */
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on("error", stopAtBrokenOutput);
  try {
    const status = await runSubcommand(argv);
    if (status !== undefined) return status;
    if (argv.includes("--help") || argv.includes("-h")) return print(helpText());
    if (argv.includes("--version")) return print(`${packageVersion()}\n`);
    const { parseCommandLine } = await import("./arguments.ts");
    const command = parseCommandLine(argv);
    if (command.resume !== undefined) {
      if (command.extend) {
        throw new SweepError("USAGE", "--resume and --extend exclude each other.", {
          hint: "Give the jobs, and name the sweep: sweep -m --extend ... hydra.sweep.dir=DIR",
        });
      }
      if (command.dryRun) throw new SweepError("USAGE", "--resume and --dry-run exclude each other.");
      if (command.overrides.length > 0) {
        throw new SweepError("USAGE", "--resume takes no overrides: the sweep's plan has them.", {
          hint: "Leave the overrides out, or start another sweep.",
        });
      }
      return await (await import("./multirun.ts")).resume(command, command.resume);
    }
    const { openWorkspace, workingDirectory } = await import("../inputs/workspace.ts");
    const { loadPlugins } = await import("../inputs/plugins/plugin.ts");
    const cwd = workingDirectory();
    const workspace = openWorkspace(command, cwd, await loadPlugins(command.plugins, cwd));
    if (command.cfg !== undefined || command.info !== undefined) {
      return (await import("./show-config.ts")).showConfig(command, workspace);
    }
    const isMultirun = command.multirun || workspace.composer.mode(command.overrides) === "multirun";
    if (command.dryRun) return await (await import("./dry-run.ts")).dryRun(command, workspace, isMultirun);
    if (command.extend && !isMultirun) throw new SweepError("USAGE", "--extend needs --multirun.");
    if (isMultirun) return await (await import("./multirun.ts")).multirun(command, workspace);
    return await (await import("./single-run.ts")).singleRun(command, workspace);
  } catch (error) {
    return reportError(error);
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return EXIT.done;
}

/** A reader such as `head` that has seen enough is no failure; a full disk is. */
function stopAtBrokenOutput(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(EXIT.done);
  process.stderr.write(`sweep: Cannot write to the standard output: ${error.message}\n`);
  process.exit(EXIT.runFailed);
}
