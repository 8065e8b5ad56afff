import { expect, test } from "vitest";
import type { Point } from "../../src/analysis/points.ts";
import { metricChart } from "../../src/report/charts/metric-chart.ts";
import { wholeTicks } from "../../src/report/charts/whole-ticks.ts";
import { panelOf, printStyle } from "../../src/report/svg.ts";

test("a narrow range of whole numbers has no ticks between them, any other range has the usual ones", () => {
  expect(wholeTicks([4, 6]).ticks).toEqual([4, 5, 6]);
  expect(wholeTicks([4, 6.5])).toEqual({});
  expect(wholeTicks([10, 100])).toEqual({});
});

const point = (x: number, y: number, halfWidth: number): Point => ({
  x,
  y,
  low: y - halfWidth,
  high: y + halfWidth,
  series: null,
  facet: null,
  rows: [0, 1],
});

/** Numbers along the axes. */
function tickNumbers(points: readonly Point[], logY: boolean): number[] {
  const named = { name: "a", unit: "" };
  const { svg } = panelOf(metricChart({ points, x: named, y: named, logY }, printStyle()));
  return [...svg.matchAll(/>([-\u2212]?[\d.]+)</g)].map(([, text]) => Number(text.replace("\u2212", "-")));
}

test("the interval of a few runs takes no axis below 0 if no mean is there", () => {
  expect(Math.min(...tickNumbers([point(1, 2, 0.1), point(2, 3, 40)], false))).toBe(0);
  expect(Math.min(...tickNumbers([point(1, -2, 0.1), point(2, 3, 40)], false))).toBeLessThan(-30);
});

test("on a logarithmic axis an interval that reaches below 0 is cut at the least mean", () => {
  const named = { name: "a", unit: "" };
  const points = [point(1, 2, 0.1), point(2, 3, 40)];
  const { svg } = panelOf(metricChart({ points, x: named, y: named, logY: true }, printStyle()));
  expect(svg).not.toContain("NaN");
  const area = /aria-label="area"[^>]*>\s*<path[^>]* d="([^"]*)"/.exec(svg)?.[1];
  expect(area?.match(/[ML]/g)).toHaveLength(4);
});
