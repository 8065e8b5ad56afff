/** A small panel of cumulative shares over a quantity from 1 upwards, logarithmic. */
import * as Plot from "@observablehq/plot";
import { panelAxis, panelFrame, panelMarks } from "./frame.ts";
import type { ChartStyle } from "./style.ts";

export interface SharePoint {
  readonly x: number;
  /** Share at `x` and below, in per cent: it holds up to the next point. */
  readonly percent: number;
  readonly series: string;
}

export interface SharePanel {
  readonly points: readonly SharePoint[];
  /** In the order of the colours. */
  readonly series: readonly string[];
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Where all curves end. */
  readonly most: number;
}

export function sharePanel(panel: SharePanel, style: ChartStyle): ReturnType<typeof Plot.plot> {
  return Plot.plot({
    ...panelFrame(style),
    x: { ...panelAxis(panel.xLabel, 6), type: "log", base: 2, domain: [1, panel.most], tickFormat: String },
    y: { ...panelAxis(panel.yLabel, 5), domain: [0, 100], grid: true },
    color: { domain: [...panel.series], range: [...style.palette] },
    marks: [
      ...panelMarks(panel.title, style),
      Plot.line(panel.points, {
        x: "x",
        y: "percent",
        stroke: "series",
        z: "series",
        strokeWidth: 1.7,
        curve: "step-after",
      }),
    ],
  });
}
