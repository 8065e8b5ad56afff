/** `sweep report DIR`: one self-contained HTML file that shows what came out of a sweep. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SweepError } from "../errors.ts";
import { PACKAGE_DIR } from "../inputs/package-info.ts";
import { reportPage } from "../report/page.ts";
import { readReportData } from "../report/read-sweep.ts";
import { fileError, writeFileAtomically } from "../results/durable-files.ts";
import { displayPath } from "./display-path.ts";
import { describeOptions, type OptionTable, parseOptions } from "./option-table.ts";
import { EXIT } from "./report-error.ts";

const OPTIONS = {
  output: { type: "string", value: "FILE", describe: "Write to this file (default: report.html in DIR)" },
  help: { type: "boolean", short: "h", describe: "Show this help" },
} as const satisfies OptionTable;

const HELP = `Usage: sweep report [options] DIR

Writes one HTML file, to be opened or sent: what was swept, every run in a table, metrics against parameters with their
confidence, distributions of latency, trade-offs, failures, and the configuration. It needs no network and no server.

${describeOptions(OPTIONS)}`;

export async function reportCommand(argv: readonly string[]): Promise<number> {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  if (words.length !== 1) {
    throw new SweepError("USAGE", words.length === 0 ? "No sweep is named." : "A report shows one sweep.", {
      hint: "For example: sweep report results/sweeps/2026-01-31_12-00-00",
    });
  }
  const [sweepDir] = words;
  const script = readFileSync(join(PACKAGE_DIR, "dist/report/browser.js"), "utf8");
  const page = reportPage(await readReportData(sweepDir), script);
  const output = options.output ?? join(sweepDir, "report.html");
  try {
    writeFileAtomically(output, page);
  } catch (error) {
    throw fileError(`cannot write '${displayPath(output)}'`, error);
  }
  process.stdout.write(`${displayPath(output)}\n`);
  return EXIT.done;
}
