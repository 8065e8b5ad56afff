/** The timeline of a run as a figure in a file. */
import type { BusyBars } from "../../results/timeline/busy-bars.ts";
import { ganttChart } from "../charts/gantt-chart.ts";
import { figureSvg, panelOf, printStyle } from "../svg.ts";

/** Pixels. */
export const TIMELINE_WIDTH = 1000;

/** `run` names it in the title. */
export function timelineFigure(bars: BusyBars, run: string): string {
  const title = `${run}: work of the ${bars.isByGroup ? "processors" : "instances"}${bars.hasShares ? ", as shares of the time" : ""}`;
  const style = printStyle({ width: TIMELINE_WIDTH });
  const present = new Set(bars.bars.map(({ kind }) => kind));
  const legend = [...bars.kinds].flatMap(([kind, label], index) =>
    present.has(kind) ? [{ label, colour: style.palette[index % style.palette.length] }] : [],
  );
  return figureSvg([[panelOf(ganttChart(bars, style))]], { title, legend });
}
