/** Runs a subcommand, which is loaded only when it is asked for. */

type Run = (words: readonly string[]) => number | Promise<number>;

const LOADERS: ReadonlyMap<string, () => Promise<Run>> = new Map<string, () => Promise<Run>>([
  ["trace", async () => (await import("./trace/trace-command.ts")).traceCommand],
  ["analyse", async () => (await import("./analyse.ts")).analyseCommand],
  ["compare", async () => (await import("./compare/compare-command.ts")).compareCommand],
  ["plot", async () => (await import("./plot.ts")).plotCommand],
  ["timeline", async () => (await import("./timeline/timeline-command.ts")).timelineCommand],
  ["report", async () => (await import("./report.ts")).reportCommand],
  ["query", async () => (await import("./query/query-command.ts")).queryCommand],
  ["status", async () => (await import("./status.ts")).statusCommand],
  ["goodput", async () => (await import("./goodput.ts")).goodputCommand],
  ["latency", async () => (await import("./latency/latency-command.ts")).latencyCommand],
  ["profile", async () => (await import("./profile/profile-command.ts")).profileCommand],
  ["verify", async () => (await import("./verify/verify-command.ts")).verifyCommand],
  ["worker", async () => (await import("./worker-command.ts")).workerCommand],
  ["schema", async () => (await import("./schema.ts")).schemaCommand],
  ["completion", async () => (await import("./completion/completion-command.ts")).completionCommand],
  ["__slurm-task", async () => (await import("./slurm-task.ts")).slurmTaskCommand],
  // For the scripts that `sweep completion` prints.
  ["__complete", async () => (await import("./completion/complete-command.ts")).completeCommand],
]);

/** Resolves to the exit status; undefined if the first word is no subcommand. */
export async function runSubcommand([name, ...words]: readonly string[]): Promise<number | undefined> {
  const run = await LOADERS.get(name ?? "")?.();
  return run?.(words);
}
