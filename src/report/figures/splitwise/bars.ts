/** Bars of clusters and what they reach, relative to Baseline-A100: what the evaluation shows of its best configurations. */

import { capacities, OPTIMA, optima, throughputs } from "../../../analysis/splitwise.ts";
import type { StudyRun } from "../../../analysis/study-run.ts";
import { type Bar, barChart } from "../../charts/bar-chart.ts";
import { figureSvg, panelOf, printStyle } from "../../svg.ts";
import { dataCsv } from "../figure.ts";
import type { NamedDrawing, NamedFigure } from "../named-figure.ts";
import { BASELINE, FAMILIES, type Family, legendOf, SYSTEM_COLOURS, SYSTEMS, type System, studies } from "./systems.ts";

/** A measure of a run; undefined where the run has none. */
interface Measure {
  readonly name: string;
  readonly of: (run: StudyRun) => number | null;
}

const SERVERS: Measure = { name: "servers", of: ({ servers }) => servers };
const COST: Measure = { name: "cost", of: ({ cost }) => cost };
const POWER: Measure = { name: "power", of: ({ power }) => power };
const RATE: Measure = { name: "highest rate within the SLOs", of: ({ rate }) => rate };
const THROUGHPUT: Measure = { name: "requests/s completed", of: ({ throughput }) => throughput };
const PER_COST: Measure = {
  name: "requests/s per cost",
  of: ({ throughput, cost }) => (throughput === null ? null : throughput / cost),
};

interface BarFigure {
  readonly name: string;
  readonly description: string;
  readonly experiments: readonly string[];
  readonly measures: readonly Measure[];
  /** Title of each panel, and its runs: one per system. */
  readonly panels: (runs: readonly StudyRun[]) => readonly (readonly [title: string, runs: readonly StudyRun[]])[];
}

const FIGURES: readonly BarFigure[] = [
  {
    name: "max-throughput-isopower",
    description: "Equal power: servers, highest rate and cost of each system's best cluster within the SLOs",
    experiments: studies("isopower"),
    measures: [SERVERS, RATE, COST],
    panels: highestRates,
  },
  {
    name: "max-throughput-isocost",
    description: "Equal cost: servers, highest rate and power of each system's best cluster within the SLOs",
    experiments: studies("isocost"),
    measures: [SERVERS, RATE, POWER],
    panels: highestRates,
  },
  ...(Object.keys(FAMILIES) as Family[]).map(
    (family): BarFigure => ({
      name: `isothroughput-${family}`,
      description: `Servers, cost and power of the least clusters for 70 requests/s, ${FAMILIES[family]}`,
      experiments: studies("costopt"),
      measures: [SERVERS, COST, POWER],
      panels: (runs) => leastClusters(runs, family),
    }),
  ),
  {
    name: "throughput-isocost",
    description: "Equal cost, conversation at 180 requests/s: requests completed, and the same per cost",
    experiments: ["splitwise/throughput_isocost"],
    measures: [THROUGHPUT, PER_COST],
    panels: (runs) => [["Conversation, 180 requests/s", overloaded(runs, "rr_conv", 180)]],
  },
  {
    name: "throughput-isopower",
    description: "Equal power, conversation at 180 requests/s: requests completed, and the same per cost",
    experiments: ["splitwise/throughput_isopower"],
    measures: [THROUGHPUT, PER_COST],
    panels: (runs) => [["Conversation, 180 requests/s", overloaded(runs, "rr_conv", 180)]],
  },
];

export const splitwiseBars: readonly NamedFigure[] = FIGURES.map((figure) => ({
  name: `splitwise/${figure.name}`,
  description: figure.description,
  experiments: figure.experiments,
  draw: (runs) => drawBars(figure, runs),
}));

function highestRates(runs: readonly StudyRun[]) {
  const all = capacities(runs);
  return (Object.keys(FAMILIES) as Family[]).map((family) => {
    const best = all.flatMap((one) => (one.family === `rr_${family}` && one.best !== undefined ? [one.best] : []));
    return [capitalised(FAMILIES[family]), best] as const;
  });
}

const LEAST_TITLES = { cost: "Least cost", power: "Least power", servers: "Fewest servers" };

function leastClusters(runs: readonly StudyRun[], family: Family) {
  const all = optima(runs).filter((optimum) => optimum.family === `rr_${family}` && optimum.rate === 70);
  return OPTIMA.map((figure) => {
    const least = all.flatMap((optimum) => optimum.least[figure] ?? []);
    return [LEAST_TITLES[figure], least] as const;
  });
}

function overloaded(runs: readonly StudyRun[], family: string, rate: number): StudyRun[] {
  return throughputs(runs).filter((run) => run.family === family && run.rate === rate);
}

function drawBars(figure: BarFigure, runs: readonly StudyRun[]): NamedDrawing | undefined {
  const all = figure.panels(runs);
  const hasBaseline = (shown: readonly StudyRun[]) => shown.some(({ system }) => system === BASELINE);
  const relative = all.some(([, shown]) => hasBaseline(shown));
  const panels = all.filter(([, shown]) => shown.length > 0 && (!relative || hasBaseline(shown)));
  if (panels.length === 0) return undefined;
  const rows = panels.flatMap(([title, shown]) => {
    const baseline = shown.find(({ system }) => system === BASELINE);
    return [...shown]
      .sort((a, b) => SYSTEMS.indexOf(a.system as System) - SYSTEMS.indexOf(b.system as System))
      .flatMap((run) =>
        figure.measures.map((measure) => {
          const value = measure.of(run);
          const unit = baseline === undefined ? null : measure.of(baseline);
          return { title, run, measure: measure.name, value, ratio: value === null || !unit ? null : value / unit };
        }),
      );
  });
  const style = printStyle({ width: 760, height: 240, palette: SYSTEM_COLOURS });
  const drawn = panels.map(([title]) => {
    const bars = rows
      .filter((row) => row.title === title)
      .flatMap(({ run, measure, value, ratio }): Bar[] => {
        const height = relative ? ratio : value;
        return height === null ? [] : [{ group: measure, series: run.system, value: height }];
      });
    return [
      panelOf(
        barChart(
          {
            bars,
            series: SYSTEMS,
            groupLabel: null,
            valueLabel: relative ? `${title}, × ${BASELINE}` : title,
            showsValues: true,
          },
          style,
        ),
      ),
    ];
  });
  const present = panels.flatMap(([, shown]) => shown.map(({ system }) => system));
  return {
    svg: figureSvg(drawn, { title: figure.description, legend: legendOf(present) }),
    data: dataCsv(
      ["panel", "system", "rate", "prompt_servers", "token_servers", "servers", "measure", "value", "relative"],
      rows.map(({ title, run, measure, value, ratio }) => [
        title,
        run.system,
        run.rate,
        run.promptServers,
        run.tokenServers,
        run.servers,
        measure,
        value,
        ratio,
      ]),
    ),
    absent: [
      ...all
        .filter((panel) => !panels.includes(panel))
        .map(([title]) => `the panel '${title}', for which runs are missing or none is within the SLOs`),
      ...panels.flatMap(([title, shown]) =>
        SYSTEMS.filter((system) => !shown.some((run) => run.system === system)).map(
          (system) => `${system} in the panel '${title}'`,
        ),
      ),
      ...(relative ? [] : [`${BASELINE}: the bars are not relative to it`]),
    ],
  };
}

function capitalised(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
