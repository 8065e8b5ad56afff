/** The subcommands, for the help and completion. A first word that is none of them is an override. */

export interface Subcommand {
  readonly name: string;
  readonly describe: string;
  /** Words that may follow. */
  readonly words: readonly string[];
  /** Those of these words that overrides may follow. */
  readonly composing?: readonly string[];
  /** Primary config of the overrides that follow the subcommand itself. */
  readonly configName?: string;
}

export const SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: "trace",
    describe: "Generate, describe and convert traces of requests",
    words: ["generate", "describe", "convert"],
    composing: ["generate", "describe"],
  },
  { name: "analyse", describe: "Answer a study's questions from its finished sweeps", words: ["splitwise"] },
  {
    name: "compare",
    describe: "Say what differs between two sweeps or runs, and whether it is more than chance",
    words: ["--metrics", "--fail-if", "--json", "--csv"],
  },
  {
    name: "plot",
    describe: "Draw a metric of a sweep against a parameter, into files",
    words: ["--x", "--y", "--series"],
  },
  {
    name: "timeline",
    describe: "Show what the instances of a finished run did when, for Perfetto or as a figure",
    words: ["--output", "--gantt", "--run", "--from", "--until", "--limit"],
  },
  { name: "report", describe: "Write one HTML file that shows a sweep's results", words: ["--output"] },
  {
    name: "query",
    describe: "Ask finished sweeps in SQL",
    words: ["--csv", "--json", "--output", "--force", "--verify", "--memory", "--threads"],
  },
  { name: "status", describe: "Say how far a sweep is, from any terminal", words: ["--json", "--verify"] },
  {
    name: "worker",
    describe: "Run jobs of sweeps that other machines queue in Redis",
    words: ["--redis", "--queue", "--workers", "--memory", "--cache", "--lost-after", "--until-idle", "--quiet"],
  },
  {
    name: "goodput",
    describe: "Find the highest rate at which configurations keep their objectives",
    words: ["--targets", "--max", "--epsilon", "--json"],
  },
  {
    name: "latency",
    describe: "How long requests take on one instance, without a simulation",
    words: [],
    configName: "latency",
  },
  {
    name: "profile",
    describe: "Show, combine, convert and fit profiles of passes",
    words: ["show", "combine", "convert", "fit"],
  },
  {
    name: "verify",
    describe: "Compare what a real engine recorded with a simulation",
    words: ["metrics", "tokens"],
    composing: ["metrics", "tokens"],
  },
  { name: "schema", describe: "Write JSON Schemas of the config groups, for editors", words: ["--out"] },
  {
    name: "completion",
    describe: "Print a completion script for bash, zsh or fish",
    words: ["bash", "zsh", "fish"],
  },
];
