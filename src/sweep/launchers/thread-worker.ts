/** The worker's side of the threads launcher. */
import type { RunFailure, RunOne, RunResult, RunTask } from "../run-task.ts";
import { toRunFailure } from "./launcher.ts";

/** What crosses the thread: errors as plain data, because a cloned error loses its class, code and hint. */
export type ThreadReply = { readonly result: RunResult } | { readonly failure: RunFailure };

/** The function that a worker file must export as its default, made from the run function. A reply per task, in their order. */
export function threadWorker(runOne: RunOne): (tasks: readonly RunTask[]) => Promise<ThreadReply[]> {
  return async (tasks) => {
    const replies: ThreadReply[] = [];
    for (const task of tasks) {
      try {
        replies.push({ result: await runOne(task) });
      } catch (error) {
        replies.push({ failure: toRunFailure(error) });
      }
    }
    return replies;
  };
}
