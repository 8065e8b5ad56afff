/** The launcher that a sweep's configuration names, with the options of the command line. */
import { SweepError } from "../errors.ts";
import { runOne } from "../run-one.ts";
import { inlineLauncher } from "../sweep/launchers/inline.ts";
import type { Launcher } from "../sweep/launchers/launcher.ts";
import { threadsLauncher } from "../sweep/launchers/threads.ts";
import type { CommandLine } from "./arguments.ts";

/** `name`: the choice of `hydra/launcher`. Errors: SweepError `USAGE` for options that it cannot keep to. */
export function launcherFor({ workers, timeoutSeconds, memoryMebibytes }: CommandLine, name: string): Launcher {
  if (name === "inline") {
    if (timeoutSeconds === undefined && memoryMebibytes === undefined) return inlineLauncher(runOne);
    throw new SweepError("USAGE", "--timeout and --memory need worker threads, and hydra/launcher is inline.", {
      hint: "Choose hydra/launcher=threads; --workers 1 runs one job at a time.",
    });
  }
  // Worker threads load built files only; from the sources (in tests) the build beside them serves.
  const workerUrl = new URL(
    import.meta.url.endsWith(".ts") ? "../../dist/cli/worker.js" : "./worker.js",
    import.meta.url,
  );
  return threadsLauncher({ workerUrl, threads: workers, timeoutSeconds, maxHeapMebibytes: memoryMebibytes });
}
