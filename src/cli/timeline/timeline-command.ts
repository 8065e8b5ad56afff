/** `sweep timeline RUN`: what the instances of a finished run did when. */
import { basename, extname, join, resolve } from "node:path";
import { SweepError } from "../../errors.ts";
import { svgToPng } from "../../report/png.ts";
import { fileError } from "../../results/durable-files.ts";
import type { RunMetrics } from "../../results/metrics.ts";
import { busyBars } from "../../results/timeline/busy-bars.ts";
import { type LeftOut, TraceEvents } from "../../results/timeline/trace-events.ts";
import type { Window } from "../../results/timeline/transfers.ts";
import { writeTrace } from "../../results/timeline/write-trace.ts";
import { type ReplayedRun, replayRun } from "../../run-one.ts";
import { displayPath } from "../display-path.ts";
import { describeOptions, type OptionTable, parseOptions, positiveNumber, wholeNumber } from "../option-table.ts";
import { writeOutput } from "../output-file.ts";
import { EXIT } from "../report-error.ts";
import { recordedRun } from "./recorded-run.ts";

/** A file of 150 MB, which browsers still show. */
const MOST_EVENTS = 1_000_000;

/** Of a figure that somebody looks at. */
const MOST_ROWS = 200;

const OPTIONS = {
  output: {
    type: "string",
    value: "FILE",
    describe: "Trace events (default: timeline.json.gz in RUN; .gz is compressed)",
  },
  gantt: { type: "string", value: "FILE", describe: "A figure instead: instances by time, as .svg or .png" },
  run: { type: "string", value: "N", describe: "If RUN is a sweep's folder: the number of the run" },
  plugin: { type: "string", value: "FILE", multiple: true, describe: "A plugin that RUN used (repeatable)" },
  from: { type: "string", value: "SECONDS", describe: "Only what lasts beyond this simulated time" },
  until: { type: "string", value: "SECONDS", describe: "Only what begins before this simulated time" },
  limit: { type: "string", value: "EVENTS", describe: `Write no more events (default: ${MOST_EVENTS})` },
  help: { type: "boolean", short: "h", describe: "Show this help" },
} as const satisfies OptionTable;

const HELP = `Usage: sweep timeline [options] RUN

Simulates the finished run in the folder RUN again, as its configuration is recorded there, and checks that the metrics are the
same. Writes what its instances did when: for ui.perfetto.dev and chrome://tracing, or as a figure.

${describeOptions(OPTIONS)}`;

export async function timelineCommand(argv: readonly string[]): Promise<number> {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  if (words.length !== 1) {
    throw new SweepError("USAGE", words.length === 0 ? "No run is named." : "A timeline shows one run.", {
      hint: "For example: sweep timeline results/runs/2026-01-31_12-00-00",
    });
  }
  const [path] = words;
  const window = {
    fromSeconds: options.from === "0" ? 0 : (positiveNumber("from", options.from, "seconds") ?? 0),
    untilSeconds: positiveNumber("until", options.until, "seconds") ?? Number.POSITIVE_INFINITY,
  };
  if (window.untilSeconds <= window.fromSeconds) throw new SweepError("USAGE", "--until is not later than --from.");
  if (options.gantt !== undefined && ![".svg", ".png"].includes(extname(options.gantt))) {
    throw new SweepError("USAGE", `--gantt: found '${options.gantt}', expected a name that ends in .svg or .png.`);
  }
  const mostEvents = wholeNumber("limit", options.limit, 1) ?? MOST_EVENTS;
  const { prepared, recorded } = await recordedRun(path, wholeNumber("run", options.run, 0), options.plugin);
  const replayed = await replayRun(prepared.inputs, { ...window, mostSlices: mostEvents });
  requireSame(recorded.metrics, replayed.metrics);
  const { endSeconds } = replayed.record;
  if (window.fromSeconds >= endSeconds) {
    throw new SweepError("USAGE", `--from: the run ends at simulated second ${endSeconds}.`);
  }
  if (options.gantt !== undefined) {
    await drawGantt(options.gantt, path, replayed, window);
    if (options.output === undefined) return EXIT.done;
  }
  const events = new TraceEvents(replayed.record, replayed.timeline, { ...window, mostEvents });
  const output = options.output ?? join(path, "timeline.json.gz");
  await write(output, events, { run_id: recorded.runId, ...aboutOf(replayed) });
  if (events.leftOut !== undefined) process.stderr.write(`sweep: ${leftOutSentence(events.leftOut)}\n`);
  process.stdout.write(`${displayPath(output)}\n`);
  return EXIT.done;
}

async function drawGantt(file: string, run: string, { record, timeline }: ReplayedRun, window: Window): Promise<void> {
  const { tracks, swaps } = timeline;
  const { length: rows } = swaps?.groups ?? tracks;
  if (rows === 0 || rows > MOST_ROWS) {
    const what = swaps === undefined ? "instances" : "groups of processors";
    throw new SweepError("USAGE", `A figure shows 1 to ${MOST_ROWS} ${what}, and the run has ${rows}.`, {
      hint: "Without --gantt the timeline is written for ui.perfetto.dev.",
    });
  }
  if (timeline.leftOut > 0) {
    process.stderr.write(`sweep: the figure lacks the last ${timeline.leftOut} slices, which are beyond --limit\n`);
  }
  const { TIMELINE_WIDTH, timelineFigure } = await import("../../report/figures/timeline-figure.ts");
  const bars = busyBars(record, timeline, window, TIMELINE_WIDTH);
  const svg = timelineFigure(bars, basename(resolve(run)));
  writeOutput(file, extname(file) === ".png" ? await svgToPng(svg) : svg);
  process.stdout.write(`${displayPath(file)}\n`);
}

/** Not to show something else than what was measured. */
function requireSame(recorded: RunMetrics, replayed: RunMetrics): void {
  const differing = Object.entries(recorded).filter(([name, value]) => replayed[name] !== value);
  if (differing.length === 0) return;
  const shown = differing.slice(0, 5).map(([name, value]) => `${name}: recorded ${value}, now ${replayed[name]}`);
  throw new SweepError("SWEEP", `The run gives other metrics than recorded:\n  ${shown.join("\n  ")}`, {
    hint: "Another version of servesweep made it. Run it anew to see its timeline.",
  });
}

function aboutOf({ record }: ReplayedRun) {
  return { simulated_seconds: record.endSeconds, requests: record.trace.count };
}

async function write(file: string, events: TraceEvents, about: Readonly<Record<string, unknown>>): Promise<void> {
  try {
    await writeTrace(file, events, about);
  } catch (error) {
    throw fileError(`cannot write '${displayPath(file)}'`, error);
  }
}

function leftOutSentence({ from_seconds: seconds, slices, transfers, requests, swaps }: LeftOut): string {
  return (
    `the timeline ends at simulated second ${seconds.toFixed(3)}, where --limit is reached; left out: ` +
    `${slices} slices, ${transfers} transfers${swaps === undefined ? "" : `, ${swaps} loads and changes of links and memory`} and the arrows of ${requests} requests`
  );
}
