/** What instances do when: a row each, with bars by kind of work, and KV-cache transfers as a thin strip below them. */
import * as Plot from "@observablehq/plot";
import type { BusyBars } from "../../results/timeline/busy-bars.ts";
import type { ChartStyle } from "./style.ts";

export const GANTT_KINDS = ["prefill", "mixed", "decode", "transfer"] as const;

export function ganttChart({ rows, bars, hasShares, startSeconds, endSeconds }: BusyBars, style: ChartStyle) {
  const rowHeight = rows.length <= 12 ? 30 : 16;
  const hasTransfers = bars.some(({ kind }) => kind === "transfer");
  const [workTop, workBottom] = [0.08, hasTransfers ? 0.7 : 0.92];
  const [stripTop, stripBottom] = [0.74, 0.94];
  const marks = bars.map(({ row, kind, startSeconds: start, endSeconds: end, low, high }) => {
    const [top, bottom] = kind === "transfer" ? [stripTop, stripBottom] : [workTop, workBottom];
    const height = bottom - top;
    return { kind, start, end, top: row + bottom - high * height, bottom: row + bottom - low * height };
  });
  const { ink, grid, palette, fontFamily } = style;
  return Plot.plot({
    width: style.width,
    height: rows.length * rowHeight + 46,
    marginLeft: 20 + 6.4 * Math.max(...rows.map(({ length }) => length)),
    marginTop: 6,
    marginBottom: 40,
    document: style.document,
    style: { color: ink, background: "transparent", fontFamily, fontSize: "11px" },
    x: { label: "simulated time (s)", domain: [startSeconds, endSeconds] },
    y: { domain: [rows.length, 0], label: null },
    color: { domain: [...GANTT_KINDS], range: [...palette] },
    marks: [
      Plot.gridX({ stroke: grid, strokeOpacity: 0.12 }),
      Plot.ruleY(
        rows.map((_, row) => row + 1),
        { stroke: grid, strokeOpacity: 0.1 },
      ),
      Plot.rect(marks, {
        x1: "start",
        x2: "end",
        y1: "top",
        y2: "bottom",
        fill: "kind",
        ...(hasShares ? { shapeRendering: "crispEdges" } : { insetRight: 0.4 }),
      }),
      Plot.axisY(
        rows.map((_, row) => row + 0.5),
        { tickFormat: (middle: number) => rows[Math.floor(middle)], tickSize: 0, label: null },
      ),
      Plot.axisX({ label: "simulated time (s)" }),
    ],
  });
}
