/** The subcommands. A first word that is none of them is an override. Each is loaded only when it is asked for. */

export interface Subcommand {
  readonly name: string;
  /** For the help; undefined for one that only our own scripts call. */
  readonly describe: string | undefined;
  /** Runs it with the words after its name; resolves to the exit status. */
  run(words: readonly string[]): Promise<number>;
}

export const SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: "schema",
    describe: "Write JSON Schemas of the config groups, for editors",
    run: async (words) => (await import("./schema.ts")).schemaCommand(words),
  },
  {
    name: "completion",
    describe: "Print a completion script for bash, zsh or fish",
    run: async (words) => (await import("./completion/completion-command.ts")).completionCommand(words),
  },
  {
    name: "__complete",
    describe: undefined,
    run: async (words) => (await import("./completion/complete-command.ts")).completeCommand(words),
  },
];
