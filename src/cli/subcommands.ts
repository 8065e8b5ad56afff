/** The subcommands, for the help and completion. A first word that is none of them is an override. */

export interface Subcommand {
  readonly name: string;
  readonly describe: string;
  /** Words that may follow. */
  readonly words: readonly string[];
  /** Those of these words that overrides may follow. */
  readonly composing?: readonly string[];
}

export const SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: "trace",
    describe: "Generate, describe and convert traces of requests",
    words: ["generate", "describe", "convert"],
    composing: ["generate", "describe"],
  },
  { name: "analyse", describe: "Answer a study's questions from its finished sweeps", words: ["splitwise"] },
  { name: "report", describe: "Write one HTML file that shows a sweep's results", words: ["--output"] },
  { name: "schema", describe: "Write JSON Schemas of the config groups, for editors", words: ["--out"] },
  {
    name: "completion",
    describe: "Print a completion script for bash, zsh or fish",
    words: ["bash", "zsh", "fish"],
  },
];
