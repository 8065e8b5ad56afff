/** Slowdowns against the number of prefill servers in clusters of the same cost or power. */
import type { StudyRun } from "../../../analysis/study-run.ts";
import { type LimitPoint, limitPanel } from "../../charts/limit-panel.ts";
import { figureSvg, panelOf, printStyle } from "../../svg.ts";
import { dataCsv } from "../figure.ts";
import type { NamedDrawing, NamedFigure } from "../named-figure.ts";
import { LATENCIES, LIMITS, legendOf, SYSTEM_COLOURS, SYSTEMS, studies } from "./systems.ts";

const SHOWN_QUANTILES = ["p50", "p90"] as const;

interface SplitFigure {
  readonly name: string;
  readonly title: string;
  readonly question: "isopower" | "isocost";
  readonly family: string;
  /** Requests/s. */
  readonly rate: number;
}

const FIGURES: readonly SplitFigure[] = [
  { name: "split-isopower-code", title: "Equal power, code", question: "isopower", family: "rr_code", rate: 100 },
  { name: "split-isocost-code", title: "Equal cost, code", question: "isocost", family: "rr_code", rate: 90 },
  {
    name: "split-isopower-conv",
    title: "Equal power, conversation",
    question: "isopower",
    family: "rr_conv",
    rate: 100,
  },
  { name: "split-isocost-conv", title: "Equal cost, conversation", question: "isocost", family: "rr_conv", rate: 100 },
];

export const splits: readonly NamedFigure[] = FIGURES.map((figure) => ({
  name: `splitwise/${figure.name}`,
  description: `${figure.title} at ${figure.rate} requests/s: slowdowns against the number of prefill servers`,
  experiments: studies(figure.question).slice(2),
  draw: (runs) => drawSplits(figure, runs),
}));

function drawSplits({ title, family, rate }: SplitFigure, runs: readonly StudyRun[]): NamedDrawing | undefined {
  const shown = runs.filter((run) => run.family === family && run.rate === rate && run.promptServers !== null);
  if (shown.length === 0) return undefined;
  const most = Math.max(...shown.map(({ promptServers }) => promptServers ?? 0));
  const style = printStyle({ width: 250, height: 186, palette: SYSTEM_COLOURS });
  const panels = SHOWN_QUANTILES.map((quantile) =>
    LATENCIES.map((latency) => {
      const points = shown.flatMap(({ system, promptServers, slowdowns }): LimitPoint[] => {
        const y = slowdowns[`${latency}_slowdown_${quantile}`];
        return typeof y === "number" && promptServers !== null ? [{ x: promptServers, y, series: system }] : [];
      });
      return panelOf(
        limitPanel(
          {
            points,
            series: SYSTEMS,
            title: `${latency.toUpperCase()} ${quantile}`,
            xLabel: "prefill servers",
            yLabel: "slowdown",
            top: 4,
            limit: LIMITS[latency][quantile],
            xDomain: [0, Math.ceil((most + 1) / 10) * 10],
          },
          style,
        ),
      );
    }),
  );
  const columns = LATENCIES.flatMap((latency) => SHOWN_QUANTILES.map((quantile) => `${latency}_slowdown_${quantile}`));
  const present = new Set(shown.map(({ system }) => system));
  return {
    svg: figureSvg(panels, { title: `${title}, ${rate} requests/s`, legend: legendOf([...present]) }),
    data: dataCsv(
      ["system", "prompt_servers", "token_servers", ...columns],
      shown.map((run) => [
        run.system,
        run.promptServers,
        run.tokenServers,
        ...columns.map((column) => run.slowdowns[column] ?? null),
      ]),
    ),
    absent: SYSTEMS.slice(2).filter((system) => !present.has(system)),
  };
}
