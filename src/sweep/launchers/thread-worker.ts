/** What runs in a worker thread. */
import type { RunFailure, RunResult, RunTask } from "../run-task.ts";
import { toRunFailure } from "./launcher.ts";

/** What crosses the thread: errors as plain data, because a cloned error loses its class, code and hint. */
export type ThreadReply<Result extends RunResult = RunResult> =
  | { readonly result: Result }
  | { readonly failure: RunFailure };

/** The function that a worker file must export as its default, made from the run function. A reply per task, in their order. */
export function threadWorker<Result extends RunResult>(
  runOne: (task: RunTask) => Promise<Result>,
): (tasks: readonly RunTask[]) => Promise<ThreadReply<Result>[]> {
  return async (tasks) => {
    const replies: ThreadReply<Result>[] = [];
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
