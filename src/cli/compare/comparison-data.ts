/** A comparison for programs. */
import type { MetricComparison } from "../../analysis/compare/compare-metric.ts";
import type { Comparison } from "../../analysis/compare/comparison.ts";
import type { ConditionResult } from "../../analysis/compare/condition.ts";
import type { SideRun } from "../../analysis/compare/side.ts";
import { numberCell, textCell } from "../../results/csv.ts";
import type { MetricInfo } from "../../results/metric-info.ts";
import type { InputDifferences } from "./input-differences.ts";
import type { RecordedSide } from "./read-side.ts";

export interface ComparisonDataInput {
  readonly a: RecordedSide;
  readonly b: RecordedSide;
  readonly comparison: Comparison;
  readonly inputs: InputDifferences;
  readonly conditions: readonly ConditionResult[];
  /** Undefined: all. */
  readonly chosen: readonly MetricInfo[] | undefined;
}

/** Plain JSON; what is not finite becomes null. */
export function comparisonData({ a, b, comparison, inputs, conditions, chosen }: ComparisonDataInput): unknown {
  const { points, incomplete, onlyA, onlyB } = comparison;
  const runOf = ({ number, overrides, status }: SideRun) => ({ number, overrides, status });
  return {
    a: a.directory,
    b: b.directory,
    config: inputs.config.map(({ path, a, b }) => ({ key: path, a, b })),
    other_inputs: inputs.others,
    points: points.map(({ values, pairs, metrics }) => ({
      values: Object.fromEntries(values),
      pairs: pairs.map(({ a, b }) => [a.number, b.number]),
      metrics: Object.fromEntries(
        metrics.filter((one) => isChosen(chosen, one)).map((one) => [one.metric.name, figuresOf(one)]),
      ),
    })),
    incomplete: incomplete.map(({ a, b }) => ({ a: runOf(a), b: runOf(b) })),
    only_in_a: onlyA.map(runOf),
    only_in_b: onlyB.map(runOf),
    fail_if: conditions.map(({ condition, holds, undecided, without }) => ({
      condition: condition.text,
      holds: holds.length > 0,
      at: holds.map(({ point }) => Object.fromEntries(point.values)),
      undecided,
      without_values: without,
    })),
  };
}

/** A row per point and metric. */
export function comparisonCsv({ keys, points }: Comparison, chosen: readonly MetricInfo[] | undefined): string {
  const header = [...keys, ...["metric", "unit", "pairs", "a", "b", "difference", "low", "high", "percent", "verdict"]];
  const rows = points.flatMap(({ values, metrics }) =>
    metrics
      .filter((one) => isChosen(chosen, one))
      .map((one) => {
        const { pairs, a, b, difference, low, high, percent, verdict } = figuresOf(one);
        return [
          ...keys.map((key) => textCell(String(values.get(key) ?? ""))),
          one.metric.name,
          textCell(one.metric.unit),
          pairs,
          ...[a, b, difference, low, high, percent].map(numberCell),
          verdict,
        ].join(",");
      }),
  );
  return `${[header.map(textCell).join(","), ...rows].join("\n")}\n`;
}

function isChosen(chosen: readonly MetricInfo[] | undefined, { metric }: MetricComparison): boolean {
  return chosen === undefined || chosen.includes(metric);
}

function figuresOf({ metric, pairs, a, b, difference, halfWidth, percent, verdict }: MetricComparison) {
  return {
    unit: metric.unit,
    better: metric.better,
    pairs,
    a,
    b,
    difference,
    /** Ends of the 95 % confidence interval. */
    low: halfWidth === undefined ? null : difference - halfWidth,
    high: halfWidth === undefined ? null : difference + halfWidth,
    percent,
    verdict,
  };
}
