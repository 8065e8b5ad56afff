/** Figures of single runs' files: distributions of latencies, and what instances held over time. */
import { LATENCIES, type Latency, SHARES } from "../../analysis/latencies.ts";
import { runLabel } from "../../analysis/run-label.ts";
import type { RunTable } from "../../analysis/run-table.ts";
import { SweepError } from "../../errors.ts";
import { cdfChart } from "../charts/cdf-chart.ts";
import { timeChart } from "../charts/time-chart.ts";
import type { RunDistribution, RunSamples } from "../report-data.ts";
import { figureSvg, panelOf, printStyle } from "../svg.ts";
import { type DrawnFigure, dataCsv } from "./figure.ts";

/** More curves than colours cannot be told apart. */
export const MOST_CURVES = 8;

/** `latency`: ttft, tbt or e2e. Errors: SweepError for another, and if no run kept its requests. */
export function cdfFigure(
  table: RunTable,
  distributions: readonly RunDistribution[],
  { y, logX = false }: { readonly y: string; readonly logX?: boolean | undefined },
): DrawnFigure {
  const latency = (Object.keys(LATENCIES) as Latency[]).find(
    (key) => key === y || LATENCIES[key].toLowerCase() === y.toLowerCase(),
  );
  if (latency === undefined) {
    throw new SweepError("USAGE", `--y: found '${y}', expected a latency: ttft, tbt or e2e.`);
  }
  if (distributions.length === 0) {
    throw new SweepError("SWEEP", "No run that passes the filter kept a table of its requests.", {
      hint: "Runs keep it with results.outputs=[summary,detailed].",
    });
  }
  const curves = distributions.map((run) => ({ label: runLabel(table, run.row), seconds: run[latency] }));
  const style = printStyle();
  const chart = cdfChart({ curves, latency: LATENCIES[latency], logX }, style);
  return {
    svg: figureSvg([[panelOf(chart)]], {
      title: `${LATENCIES[latency]}: share of requests by latency`,
      legend: curves.map(({ label }, i) => ({ label, colour: style.palette[i % style.palette.length] })),
    }),
    data: dataCsv(
      ["run", "share", `${LATENCIES[latency].toLowerCase()}_seconds`],
      distributions.flatMap((run) =>
        SHARES.map((share, i) => [table.numbers[run.row], share, run[latency][i]] as const),
      ),
    ),
  };
}

/** Errors: SweepError for a measure that was not sampled, and if no run took samples. */
export function timeFigure(
  table: RunTable,
  timeSeries: readonly RunSamples[],
  { y }: { readonly y: string },
): DrawnFigure {
  if (timeSeries.length === 0) {
    throw new SweepError("SWEEP", "No run that passes the filter took samples.", {
      hint: "Runs take them with results.sample_interval=SECONDS.",
    });
  }
  const names = [...new Set(timeSeries.flatMap(({ measures }) => measures.map(({ name }) => name)))];
  const curves = timeSeries.flatMap(({ row, pool, seconds, measures }) =>
    measures
      .filter(({ name }) => name === y)
      .map((measure) => ({ row, pool, label: [runLabel(table, row), pool].join(" ").trim(), seconds, ...measure })),
  );
  if (curves.length === 0) {
    throw new SweepError("USAGE", `--y: found '${y}', expected one of ${names.join(", ")}.`);
  }
  const style = printStyle();
  const [{ unit, doc }] = curves;
  return {
    svg: figureSvg([[panelOf(timeChart({ curves, name: y, unit }, style))]], {
      title: doc,
      legend: curves.map(({ label }, i) => ({ label, colour: style.palette[i % style.palette.length] })),
    }),
    data: dataCsv(
      ["run", "pool", "seconds", "mean", "low", "high"],
      curves.flatMap(({ row, pool, seconds, mean, low, high }) =>
        seconds.map((second, i) => [table.numbers[row], pool, second, mean[i], low[i], high[i]] as const),
      ),
    ),
  };
}
