/** What the figures share: size, margins, text, and where they are drawn. */
import * as Plot from "@observablehq/plot";
import type { ChartStyle } from "./style.ts";

/** Options of every figure. `facets` stand side by side. */
export function frame(style: ChartStyle, facets = 1): Plot.PlotOptions {
  return {
    width: style.width,
    height: facets > 4 ? style.height * 1.1 : style.height,
    marginLeft: 56,
    marginTop: 28,
    marginBottom: 42,
    ...(style.document === undefined ? {} : { document: style.document }),
    style: { color: style.ink, background: "transparent", fontFamily: style.fontFamily, fontSize: "12px" },
  };
}

/** Options of a small panel, one of several in a figure. */
export function panelFrame(style: ChartStyle): Plot.PlotOptions {
  const shared = frame(style);
  return {
    ...shared,
    marginLeft: 46,
    marginTop: 26,
    marginBottom: 36,
    marginRight: 14,
    style: { ...(shared.style as object), fontSize: "11px" },
  };
}

/** The border and the title of a small panel. */
export function panelMarks(title: string, style: ChartStyle): Plot.Markish[] {
  return [
    Plot.frame({ stroke: style.ink, strokeOpacity: 0.25 }),
    Plot.text([title], { frameAnchor: "top", dy: -17, fontWeight: "bold", text: (text: string) => text }),
  ];
}

/** An axis of a small panel. */
export function panelAxis(label: string, ticks: number): Plot.ScaleOptions {
  return { label, labelAnchor: "center", labelArrow: "none", ticks };
}
