/** Runs the tasks one after another in this thread. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { RunOne } from "../run-task.ts";
import { type Launcher, runWithRetries } from "./launcher.ts";

export function inlineLauncher(runOne: RunOne): Launcher {
  return {
    name: "inline",
    async launch(tasks, { signal, retries, onRetry, onOutcome }) {
      for (const task of tasks) {
        onOutcome(await runWithRetries(task, { retries, onRetry }, runOne));
        // A simulation never yields, so this is where signals and timers get their turn.
        await nextTurn();
        if (signal?.aborted) return;
      }
    },
  };
}
