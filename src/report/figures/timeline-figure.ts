/** The timeline of a run as a figure in a file. */
import type { BusyBars } from "../../results/timeline/busy-bars.ts";
import { GANTT_KINDS, ganttChart } from "../charts/gantt-chart.ts";
import { figureSvg, panelOf, printStyle } from "../svg.ts";

/** Pixels. */
export const TIMELINE_WIDTH = 1000;

const LABELS = {
  prefill: "prefills",
  mixed: "prefills and decodes",
  decode: "decodes",
  transfer: "KV caches that leave",
};

/** `run` names it in the title. */
export function timelineFigure(bars: BusyBars, run: string): string {
  const title = `${run}: work of the instances${bars.hasShares ? ", as shares of the time" : ""}`;
  const style = printStyle({ width: TIMELINE_WIDTH });
  const present = new Set(bars.bars.map(({ kind }) => kind));
  const legend = GANTT_KINDS.flatMap((kind, index) =>
    present.has(kind) ? [{ label: LABELS[kind], colour: style.palette[index] }] : [],
  );
  return figureSvg([[panelOf(ganttChart(bars, style))]], { title, legend });
}
