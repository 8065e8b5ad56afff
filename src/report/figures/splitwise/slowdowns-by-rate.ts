/**
 * Slowdowns against the rate of requests, a line per system, with the limits: what the evaluation shows of clusters of equal
 * power and of equal cost. Clusters and rates: plots of SplitwiseSim's notebooks.
 */
import type { StudyRun } from "../../../analysis/study-run.ts";
import { type LimitPoint, limitPanel } from "../../charts/limit-panel.ts";
import { figureSvg, panelOf, printStyle } from "../../svg.ts";
import { dataCsv } from "../figure.ts";
import type { NamedDrawing, NamedFigure } from "../named-figure.ts";
import {
  type Family,
  LATENCIES,
  LIMITS,
  legendOf,
  QUANTILES,
  SYSTEM_COLOURS,
  SYSTEMS,
  type System,
  studies,
} from "./systems.ts";

/** Servers of a baseline, or prefill and decode servers. */
type Cluster = number | readonly [prefill: number, decode: number];
type Clusters = Readonly<Record<System, Cluster>>;

interface RateFigure {
  readonly name: string;
  readonly title: string;
  readonly question: "isopower" | "isocost";
  readonly family: Family;
  readonly clusters: Clusters;
  /** Requests/s. */
  readonly rates: readonly [number, number];
  readonly quantiles: readonly (typeof QUANTILES)[number][];
}

const clusters = (...sizes: readonly Cluster[]) =>
  Object.fromEntries(SYSTEMS.map((system, index) => [system, sizes[index]])) as Clusters;

const ISOPOWER_CONV = clusters(70, 40, [45, 25], [25, 15], [25, 26], [25, 21]);
const ISOPOWER_CODE = clusters(70, 40, [55, 15], [35, 5], [35, 8], [35, 7]);
const ISOCOST_CONV = clusters(86, 40, [51, 35], [25, 15], [30, 21], [30, 10]);
/** The notebook's Splitwise-HHcap has 35 + 7 servers, which cost more than the others: 35 + 5 are of the study. */
const ISOCOST_CODE = clusters(86, 40, [66, 20], [35, 5], [35, 10], [35, 5]);

const FIGURES: readonly RateFigure[] = [
  {
    name: "isopower-conv",
    title: "Equal power, conversation",
    question: "isopower",
    family: "conv",
    clusters: ISOPOWER_CONV,
    rates: [30, 160],
    quantiles: QUANTILES,
  },
  {
    name: "isopower-code",
    title: "Equal power, code",
    question: "isopower",
    family: "code",
    clusters: ISOPOWER_CODE,
    rates: [30, 100],
    quantiles: QUANTILES,
  },
  {
    name: "isocost-conv",
    title: "Equal cost, conversation",
    question: "isocost",
    family: "conv",
    clusters: ISOCOST_CONV,
    rates: [50, 170],
    quantiles: QUANTILES,
  },
  {
    name: "isocost-code",
    title: "Equal cost, code",
    question: "isocost",
    family: "code",
    clusters: ISOCOST_CODE,
    rates: [50, 120],
    quantiles: QUANTILES,
  },
  {
    name: "conv-on-code-clusters",
    title: "Conversation on the clusters for code, equal power",
    question: "isopower",
    family: "conv",
    clusters: ISOPOWER_CODE,
    rates: [30, 160],
    quantiles: ["p90"],
  },
  {
    name: "code-on-conv-clusters",
    title: "Code on the clusters for conversation, equal power",
    question: "isopower",
    family: "code",
    clusters: ISOPOWER_CONV,
    rates: [30, 100],
    quantiles: ["p90"],
  },
];

export const slowdownsByRate: readonly NamedFigure[] = FIGURES.map((figure) => ({
  name: `splitwise/${figure.name}`,
  description: `${figure.title}: slowdowns against the rate (${figure.quantiles.join(", ")})`,
  experiments: studies(figure.question),
  draw: (runs) => drawRates(figure, runs),
}));

function drawRates(figure: RateFigure, runs: readonly StudyRun[]): NamedDrawing | undefined {
  const [lowest, highest] = figure.rates;
  const shown = runs
    .filter(({ family, rate }) => family === `rr_${figure.family}` && rate >= lowest && rate <= highest)
    .filter((run) => isOf(figure.clusters, run))
    .sort((a, b) => orderOf(a) - orderOf(b) || a.rate - b.rate);
  if (shown.length === 0) return undefined;
  const present = SYSTEMS.filter((system) => shown.some((run) => run.system === system));
  const style = printStyle({
    width: 250,
    height: 176,
    palette: SYSTEM_COLOURS,
  });
  const panels = LATENCIES.map((latency) =>
    figure.quantiles.map((quantile) => {
      const points = shown.flatMap(({ system, rate, slowdowns }): LimitPoint[] => {
        const y = slowdowns[`${latency}_slowdown_${quantile}`];
        return typeof y === "number" ? [{ x: rate, y, series: system }] : [];
      });
      return panelOf(
        limitPanel(
          {
            points,
            series: SYSTEMS,
            title: `${latency.toUpperCase()} ${quantile}`,
            xLabel: "requests/s",
            yLabel: "slowdown",
            top: quantile === "p99" ? 8 : 4,
            limit: LIMITS[latency][quantile],
            xDomain: figure.rates,
          },
          style,
        ),
      );
    }),
  );
  const columns = LATENCIES.flatMap((latency) => QUANTILES.map((quantile) => `${latency}_slowdown_${quantile}`));
  return {
    svg: figureSvg(panels[0].length > 1 ? panels : [panels.flat()], {
      title: figure.title,
      legend: legendOf(present).map((entry) => ({
        ...entry,
        label: `${entry.label} (${sizeOf(figure.clusters[entry.label])})`,
      })),
    }),
    data: dataCsv(
      ["system", "prompt_servers", "token_servers", "servers", "rate", ...columns, "within_slo"],
      shown.map((run) => [
        run.system,
        run.promptServers,
        run.tokenServers,
        run.servers,
        run.rate,
        ...columns.map((column) => run.slowdowns[column] ?? null),
        run.withinSlo ? 1 : 0,
      ]),
    ),
    absent: SYSTEMS.filter((system) => !present.includes(system)).map(
      (system) => `${system} with ${sizeOf(figure.clusters[system])} servers`,
    ),
  };
}

function isOf(wanted: Clusters, { system, servers, promptServers, tokenServers }: StudyRun): boolean {
  const cluster = wanted[system as System];
  if (cluster === undefined) return false;
  return typeof cluster === "number"
    ? servers === cluster
    : promptServers === cluster[0] && tokenServers === cluster[1];
}

function sizeOf(cluster: Cluster): string {
  return typeof cluster === "number" ? String(cluster) : cluster.join("+");
}

function orderOf({ system }: StudyRun): number {
  return SYSTEMS.indexOf(system as System);
}
