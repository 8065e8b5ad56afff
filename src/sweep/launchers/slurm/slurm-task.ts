/** An array task at work: runs what its order says, on threads of its node, and reports each run as it ends. */
import { threadsLauncher } from "../threads.ts";
import { appendReport, isStopped, ReportReader, readOrder } from "./task-files.ts";

const LOOK_FOR_STOP_MILLISECONDS = 500;

/** `workerUrl` as for threads. A task that Slurm starts again does not repeat what it has reported. */
export async function runSlurmTask(folder: string, index: number, workerUrl: URL): Promise<void> {
  const { tasks, retries, threads, ...limits } = readOrder(folder, index);
  const reported = new Set(
    new ReportReader(folder, index).next().map((line) => ("number" in line ? line.number : undefined)),
  );
  const left = tasks.filter(({ number }) => !reported.has(number));
  const stop = new AbortController();
  const timer = setInterval(() => {
    if (isStopped(folder)) stop.abort();
  }, LOOK_FOR_STOP_MILLISECONDS);
  function* started() {
    for (const task of left) {
      appendReport(folder, index, [{ started: task.number }]);
      yield task;
    }
  }
  try {
    await threadsLauncher({ workerUrl, threads, ...limits }).launch(started(), {
      taskCount: left.length,
      retries,
      signal: stop.signal,
      onRetry: ({ number }, failure) => appendReport(folder, index, [{ retried: number, failure }]),
      onOutcome: ({ task: { number }, ...outcome }) => appendReport(folder, index, [{ number, ...outcome }]),
    });
  } finally {
    clearInterval(timer);
  }
}
