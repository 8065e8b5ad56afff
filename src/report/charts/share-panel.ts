/** A small panel of cumulative shares over a quantity from 1 upwards, logarithmic. */
import * as Plot from "@observablehq/plot";
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
    width: style.width,
    height: style.height,
    marginLeft: 46,
    marginBottom: 36,
    marginTop: 26,
    marginRight: 14,
    ...(style.document === undefined ? {} : { document: style.document }),
    style: { color: style.ink, background: "transparent", fontFamily: style.fontFamily, fontSize: "11px" },
    x: {
      type: "log",
      base: 2,
      domain: [1, panel.most],
      label: panel.xLabel,
      labelAnchor: "center",
      labelArrow: "none",
      ticks: 6,
      tickFormat: String,
    },
    y: { label: panel.yLabel, labelAnchor: "center", labelArrow: "none", domain: [0, 100], ticks: 5, grid: true },
    color: { domain: [...panel.series], range: [...style.palette] },
    marks: [
      Plot.frame({ stroke: style.ink, strokeOpacity: 0.25 }),
      Plot.text([panel.title], { frameAnchor: "top", dy: -17, fontWeight: "bold", text: (text: string) => text }),
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
