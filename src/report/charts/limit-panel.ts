/** A small panel: lines over a number, and the limit that they should stay below. */
import * as Plot from "@observablehq/plot";
import { panelAxis, panelFrame, panelMarks } from "./frame.ts";
import type { ChartStyle } from "./style.ts";

export interface LimitPoint {
  readonly x: number;
  readonly y: number;
  readonly series: string;
}

export interface LimitPanel {
  readonly points: readonly LimitPoint[];
  /** Of all panels of a figure, in the order of the colours. */
  readonly series: readonly string[];
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Lines leave the panel above it. */
  readonly top: number;
  readonly limit: number;
  readonly xDomain: readonly [number, number];
}

export function limitPanel(panel: LimitPanel, style: ChartStyle): ReturnType<typeof Plot.plot> {
  const channels = { x: "x", y: "y", stroke: "series" };
  const ascending = [...panel.points].sort((a, b) => a.x - b.x);
  return Plot.plot({
    ...panelFrame(style),
    x: { ...panelAxis(panel.xLabel, 5), domain: [...panel.xDomain] },
    y: { ...panelAxis(panel.yLabel, 4), domain: [0, panel.top], grid: true },
    color: { domain: [...panel.series], range: [...style.palette] },
    symbol: { domain: [...panel.series] },
    marks: [
      ...panelMarks(panel.title, style),
      Plot.ruleY([panel.limit], { stroke: "#c62828", strokeDasharray: "5 3", strokeWidth: 1.4 }),
      Plot.line(cutAt(panel.top, ascending), { ...channels, z: "series", strokeWidth: 1.6 }),
      Plot.dot(
        ascending.filter(({ y }) => y <= panel.top),
        { ...channels, symbol: "series", fill: "series", fillOpacity: 0.4, r: 2.6 },
      ),
    ],
  });
}

/** Lines end where they leave the panel: drawers of pictures lose lines that go on to values far above it. */
function cutAt(top: number, ascending: readonly LimitPoint[]): LimitPoint[] {
  const names = [...new Set(ascending.map(({ series }) => series))];
  return names.flatMap((name) => {
    const line = ascending.filter(({ series }) => series === name);
    return line.flatMap((point, i) => {
      const before = i === 0 ? undefined : line[i - 1];
      const isInside = point.y <= top;
      const crosses = before !== undefined && before.y <= top !== isInside;
      const crossing = crosses ? [crossingOf(top, before, point)] : [];
      return isInside ? [...crossing, point] : [...crossing, { ...point, y: Number.NaN }];
    });
  });
}

function crossingOf(top: number, a: LimitPoint, b: LimitPoint): LimitPoint {
  return { ...a, x: a.x + ((b.x - a.x) * (top - a.y)) / (b.y - a.y), y: top };
}
