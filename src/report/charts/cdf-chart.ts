/** Shares of requests by latency. */
import * as Plot from "@observablehq/plot";
import { SHARES } from "../../analysis/latencies.ts";
import { shortNumber } from "../../analysis/run-label.ts";
import { frame } from "./frame.ts";
import type { ChartStyle } from "./style.ts";

export interface CdfCurve {
  readonly label: string;
  /** Seconds at each of `SHARES`. */
  readonly seconds: readonly number[];
}

export interface CdfChart {
  readonly curves: readonly CdfCurve[];
  readonly latency: string;
  readonly logX?: boolean;
}

interface Mark {
  readonly seconds: number;
  readonly share: number;
  readonly label: string;
}

/** A label at 1, 2 and 5 of each decade. */
function logTick(seconds: number): string {
  const leading = Math.round(seconds / 10 ** Math.floor(Math.log10(seconds) + 1e-9));
  return leading === 1 || leading === 2 || leading === 5 ? shortNumber(seconds) : "";
}

export function cdfChart({ curves, latency, logX }: CdfChart, style: ChartStyle): ReturnType<typeof Plot.plot> {
  const marks = curves.flatMap(({ label, seconds }) =>
    seconds.map((value, i): Mark => ({ seconds: value, share: 100 * SHARES[i], label })),
  );
  const shown = logX === true ? marks.filter(({ seconds }) => seconds > 0) : marks;
  return Plot.plot({
    ...frame(style),
    x: {
      label: `${latency} (s)`,
      type: logX === true ? "log" : "linear",
      nice: true,
      grid: true,
      tickFormat: logX === true ? logTick : shortNumber,
    },
    y: { label: "requests (%)", domain: [0, 100], grid: true },
    color: { domain: curves.map(({ label }) => label), range: [...style.palette], legend: true },
    marks: [
      Plot.ruleY([0], { stroke: style.ink, strokeOpacity: 0.4 }),
      Plot.line(shown, { x: "seconds", y: "share", stroke: "label", strokeWidth: 1.8, z: "label" }),
      ...(style.tips
        ? [
            Plot.tip(
              shown,
              Plot.pointer({
                x: "seconds",
                y: "share",
                stroke: "label",
                title: ({ label, share, seconds }: Mark) =>
                  `${label}\n${shortNumber(share)} % of requests: ${latency} up to ${shortNumber(seconds)} s`,
              }),
            ),
          ]
        : []),
    ],
  });
}
