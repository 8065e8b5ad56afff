/** Runs a subcommand, which is loaded only when it is asked for. */

type Run = (words: readonly string[]) => number | Promise<number>;

const LOADERS: ReadonlyMap<string, () => Promise<Run>> = new Map<string, () => Promise<Run>>([
  ["trace", async () => (await import("./trace/trace-command.ts")).traceCommand],
  ["analyse", async () => (await import("./analyse.ts")).analyseCommand],
  ["report", async () => (await import("./report.ts")).reportCommand],
  ["schema", async () => (await import("./schema.ts")).schemaCommand],
  ["completion", async () => (await import("./completion/completion-command.ts")).completionCommand],
  // For the scripts that `sweep completion` prints.
  ["__complete", async () => (await import("./completion/complete-command.ts")).completeCommand],
]);

/** Resolves to the exit status; undefined if the first word is no subcommand. */
export async function runSubcommand([name, ...words]: readonly string[]): Promise<number | undefined> {
  const run = await LOADERS.get(name ?? "")?.();
  return run?.(words);
}
