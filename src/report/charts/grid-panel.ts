/** A small panel of clusters by their numbers of prefill and decode servers, coloured by a slowdown. */
import * as Plot from "@observablehq/plot";
import { panelAxis, panelFrame, panelMarks } from "./frame.ts";
import type { ChartStyle } from "./style.ts";

export interface GridCell {
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

export interface GridPanel {
  readonly cells: readonly GridCell[];
  /** The least y of each x whose value is within the limit. */
  readonly frontier: readonly GridCell[];
  readonly star: GridCell | undefined;
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly colours: readonly [least: number, most: number];
}

export function gridPanel(panel: GridPanel, style: ChartStyle): ReturnType<typeof Plot.plot> {
  const place = { x: "x", y: "y" };
  return Plot.plot({
    ...panelFrame(style),
    x: { ...panelAxis(panel.xLabel, 5), inset: 6 },
    y: { ...panelAxis(panel.yLabel, 5), inset: 6 },
    color: { type: "linear", domain: [...panel.colours], clamp: true, scheme: "viridis", reverse: true },
    marks: [
      ...panelMarks(panel.title, style),
      Plot.dot(panel.cells, { ...place, fill: "value", r: 2.4, symbol: "square" }),
      Plot.dot(panel.frontier, { ...place, fill: "#d32f2f", r: 2.4, symbol: "square" }),
      ...(panel.star === undefined
        ? []
        : [Plot.dot([panel.star], { ...place, symbol: "star", r: 7, fill: "#ff9800", stroke: "#1b1f24" })]),
    ],
  });
}

/** The colours of the panels, with what they stand for. */
export function colourScale([least, most]: GridPanel["colours"], label: string, style: ChartStyle) {
  const steps = Array.from({ length: 60 }, (_, i) => least + ((most - least) * i) / 59);
  return Plot.plot({
    ...panelFrame(style),
    height: 44,
    marginTop: 4,
    marginBottom: 30,
    x: { ...panelAxis(label, 5), domain: [least, most] },
    color: { type: "linear", domain: [least, most], scheme: "viridis", reverse: true },
    marks: [
      Plot.rect(steps.slice(0, -1), {
        x1: (_: number, i: number) => steps[i],
        x2: (_: number, i: number) => steps[i + 1],
        y1: 0,
        y2: 1,
        fill: (step: number) => step,
        inset: -0.3,
      }),
    ],
    y: { axis: null },
  });
}
