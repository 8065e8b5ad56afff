/** `sweep query SQL DIR...`: a SELECT over the runs and requests of finished sweeps. */
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, extname, join, resolve } from "node:path";
import { SweepError } from "../../errors.ts";
import { type QuerySource, readQuerySource } from "../../query/query-source.ts";
import { openQuery, type Query } from "../../query/run-query.ts";
import { fileError, syncDirectory, temporaryPath } from "../../results/durable-files.ts";
import { displayPath } from "../display-path.ts";
import { describeOptions, type OptionTable, parseOptions, wholeNumber } from "../option-table.ts";
import { checkTarget } from "../output-file.ts";
import { EXIT } from "../report-error.ts";
import { listenForInterrupts } from "./interrupts.ts";
import { resultTable } from "./result-table.ts";
import { resultText, type TextFormat } from "./result-text.ts";
import { printPieces, writePieces } from "./write-pieces.ts";

const OUTPUT_FORMATS = ["parquet", "csv", "json"] as const;
type OutputFormat = (typeof OUTPUT_FORMATS)[number];

const DEFAULT_MEMORY_MEBIBYTES = 1024;

const OPTIONS = {
  csv: { type: "boolean", describe: "Print CSV" },
  json: { type: "boolean", describe: "Print a JSON list with an object per row" },
  output: { type: "string", value: "FILE", describe: `Write FILE.${OUTPUT_FORMATS.join(", .")} instead` },
  force: { type: "boolean", describe: "Overwrite that file" },
  verify: { type: "boolean", describe: "Compare every file with its checksum first" },
  memory: {
    type: "string",
    value: "MIB",
    describe: `Memory of the query, beyond which it uses the disk (default: ${DEFAULT_MEMORY_MEBIBYTES})`,
  },
  threads: {
    type: "string",
    value: "N",
    describe: "Threads (default: 1); with more, sums may differ in their last digits",
  },
  help: { type: "boolean", short: "h", describe: "Show this help" },
} as const satisfies OptionTable;

const HELP = `Usage: sweep query [options] SQL DIR...

Runs one SELECT in DuckDB's SQL over finished sweeps, or single runs, and prints its rows. The tables are runs (a row per
run: sweep, run, swept keys, labels, metrics), requests, nodes and samples (what runs keep as files, by sweep and run).
DESCRIBE requests lists columns. A query reads nothing else, and changes nothing.

${describeOptions(OPTIONS)}`;

export async function queryCommand(argv: readonly string[]): Promise<number> {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const [sql, ...directories] = words;
  if (directories.length === 0) {
    throw new SweepError("USAGE", "A query needs SQL and the folder of a sweep or run.", {
      hint: "For example: sweep query 'SELECT scheduler, avg(ttft_p99) FROM runs GROUP BY scheduler' results/mine",
    });
  }
  const target = targetOf(options);
  const threads = wholeNumber("threads", options.threads, 1) ?? 1;
  const memoryMebibytes = wholeNumber("memory", options.memory, 16) ?? DEFAULT_MEMORY_MEBIBYTES;
  const sources = await readSources(directories, options.verify);
  for (const note of notesOn(sources, sql)) process.stderr.write(`sweep: ${note}\n`);
  const interrupts = listenForInterrupts();
  const spillDirectory = mkdtempSync(join(tmpdir(), "servesweep-query-"));
  const temporary = target === undefined ? undefined : temporaryPath(dirname(target.path));
  process.once("exit", () => {
    rmSync(spillDirectory, { recursive: true, force: true });
    if (temporary !== undefined) rmSync(temporary, { force: true });
  });
  const parquetPath = target?.format === "parquet" ? temporary : undefined;
  const query = await openQuery(sql, sources, { threads, memoryMebibytes, spillDirectory, parquetPath });
  interrupts.onInterrupt = () => query.interrupt();
  try {
    if (target === undefined || temporary === undefined) {
      await print(query, options.csv ? "csv" : options.json ? "json" : "table");
    } else {
      if (target.format === "parquet") await query.writeParquet();
      else await writePieces(temporary, resultText(await query.rows(), target.format));
      install(temporary, target.path);
      process.stdout.write(`${displayPath(target.path)}\n`);
    }
  } catch (error) {
    if (!interrupts.isInterrupted()) throw error;
  } finally {
    interrupts.close();
    query.close();
  }
  return interrupts.isInterrupted() ? EXIT.interrupted : EXIT.done;
}

interface TargetOptions {
  readonly csv: boolean;
  readonly json: boolean;
  readonly output: string | undefined;
  readonly force: boolean;
}

function targetOf({ csv, json, output, force }: TargetOptions): { path: string; format: OutputFormat } | undefined {
  if (csv && json) throw new SweepError("USAGE", "--csv and --json exclude each other.");
  if (output === undefined) return undefined;
  if (csv || json) {
    throw new SweepError("USAGE", "--output excludes --csv and --json: the name of its file says the format.");
  }
  const extension = extname(output).slice(1);
  const format = OUTPUT_FORMATS.find((name) => name === extension);
  if (format === undefined) {
    throw new SweepError("USAGE", `--output: found '${output}', expected FILE.${OUTPUT_FORMATS.join(", FILE.")}.`);
  }
  const path = resolve(output);
  checkTarget(path, force);
  return { path, format };
}

async function readSources(directories: readonly string[], verify: boolean): Promise<QuerySource[]> {
  const named = new Map<string, string>();
  for (const directory of directories) {
    const path = resolve(directory);
    if (named.has(path)) throw new SweepError("USAGE", `'${directory}' is named twice.`);
    named.set(path, directory.replace(/(?<=.)\/+$/, ""));
  }
  const sources: QuerySource[] = [];
  for (const directory of named.values()) sources.push(await readQuerySource(directory, { verify }));
  return sources;
}

/** What a query may miss. */
function notesOn(sources: readonly QuerySource[], sql: string): string[] {
  const damage = sources.flatMap((source) => source.damage.map((problem) => `${source.sweep}: ${problem}`));
  const kept = new Set(sources.flatMap(({ files }) => files.map(({ kind }) => kind)));
  const empty = [
    ["requests", "detailed"],
    ["nodes", "request_nodes"],
    ["samples", "samples"],
  ] as const;
  const missing = empty
    .filter(([view]) => !kept.has(view) && new RegExp(`\\b(from|join)\\s+"?${view}\\b`, "i").test(sql))
    .map(([view, output]) => `${view} is empty: no run keeps its table (results.outputs=[..., ${output}])`);
  return [...damage, ...missing];
}

async function print(query: Query, format: TextFormat | "table"): Promise<void> {
  const result = await query.rows();
  if (format !== "table") return printPieces(resultText(result, format));
  const { text, isWhole, shown } = await resultTable(result);
  process.stdout.write(text);
  if (!isWhole) process.stderr.write(`sweep: the first ${shown} rows; --csv, --json and --output FILE have all\n`);
}

/** Makes the whole file at `temporary` the one that the user named. Errors: SweepError `FILE`. */
function install(temporary: string, path: string): void {
  try {
    renameSync(temporary, path);
    syncDirectory(dirname(path));
  } catch (error) {
    throw fileError(`cannot write '${displayPath(path)}'`, error);
  }
}
