/** Conditions on differences, as users write them: `ttft_p99 > +2%`, `goodput < -0.5`, `tbt_p99 worse`. */
import { TypedTextError } from "../../errors.ts";
import type { MetricInfo } from "../../results/metric-info.ts";
import { suggest } from "../../suggest.ts";
import type { MetricComparison, Verdict } from "./compare-metric.ts";
import { COMPARABLE_METRICS, type PointComparison } from "./comparison.ts";

const SIGNS = {
  "<": (value: number, limit: number) => value < limit,
  "<=": (value: number, limit: number) => value <= limit,
  ">": (value: number, limit: number) => value > limit,
  ">=": (value: number, limit: number) => value >= limit,
} as const;

export interface Condition {
  readonly text: string;
  readonly metric: MetricInfo;
  readonly test:
    | { readonly kind: "verdict"; readonly verdict: Verdict }
    | {
        readonly kind: "limit";
        readonly sign: keyof typeof SIGNS;
        /** Percent of A's mean, or in the metric's unit. */
        readonly limit: number;
        readonly isPercent: boolean;
      };
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const FORMS = "For example: 'ttft_p99 > +2%', 'requests_per_second < -0.5' or 'tbt_p99 worse'.";

/** Errors: TypedTextError `USAGE`. */
export function parseCondition(text: string): Condition {
  const [, blank, name, gap, rest] = /^(\s*)(\w*)(\s*)(.*?)\s*$/s.exec(text) as RegExpExecArray;
  const start = blank.length + name.length + gap.length;
  const fail = (message: string, column: number, hint = FORMS): never => {
    throw new TypedTextError("USAGE", `--fail-if: ${message}`, text, column, { hint });
  };
  const metric = COMPARABLE_METRICS.find((known) => known.name === name);
  if (metric === undefined) {
    return name === ""
      ? fail("expected the name of a metric", blank.length)
      : fail(`there is no metric '${name}'`, blank.length, nearMetrics(name));
  }
  if (rest === "worse" || rest === "better") {
    if (metric.better === "neither") fail(`no way is better for ${name}`, start, "Compare it with a number.");
    return { text: text.trim(), metric, test: { kind: "verdict", verdict: rest } };
  }
  const sign = /^[<>]=?/.exec(rest)?.[0] as keyof typeof SIGNS | undefined;
  if (sign === undefined) return fail("expected <, <=, >, >=, worse or better", start);
  const limitText = rest.slice(sign.length).trim();
  const isPercent = limitText.endsWith("%");
  const number = isPercent ? limitText.slice(0, -1).trim() : limitText;
  const limit = Number(number);
  if (!NUMBER.test(number) || !Number.isFinite(limit)) {
    fail("expected a number, or a number and %", start + sign.length + leadingBlanks(rest.slice(sign.length)));
  }
  return { text: text.trim(), metric, test: { kind: "limit", sign, limit, isPercent } };
}

/** A hint with the nearest names, or all. */
export function nearMetrics(name: string): string {
  const names = COMPARABLE_METRICS.map((metric) => metric.name);
  const near = suggest(name, names, 5);
  return near.length === 0 ? `Metrics: ${names.join(", ")}.` : `Did you mean ${near.join(", ")}?`;
}

function leadingBlanks(text: string): number {
  return text.length - text.trimStart().length;
}

export interface ConditionResult {
  readonly condition: Condition;
  /** Where it holds. */
  readonly holds: readonly { readonly point: PointComparison; readonly comparison: MetricComparison }[];
  /** Points at which it holds or not. */
  readonly decided: number;
  /** Points at which it cannot be told: one run each, asked for a verdict. */
  readonly undecided: number;
  /** Points at which no pair has the metric on both sides. */
  readonly without: number;
}

export function checkCondition(condition: Condition, points: readonly PointComparison[]): ConditionResult {
  const found = points.map((point) => ({
    point,
    comparison: point.metrics.find(({ metric }) => metric === condition.metric),
  }));
  const compared = found.filter((one): one is ConditionResult["holds"][number] => one.comparison !== undefined);
  const decided = compared.map((one) => ({ one, holds: conditionHolds(condition, one.comparison) }));
  return {
    condition,
    holds: decided.filter(({ holds }) => holds === true).map(({ one }) => one),
    decided: decided.filter(({ holds }) => holds !== undefined).length,
    undecided: decided.filter(({ holds }) => holds === undefined).length,
    without: found.length - compared.length,
  };
}

/** Undefined where one run each cannot tell. */
function conditionHolds({ test }: Condition, comparison: MetricComparison): boolean | undefined {
  if (test.kind === "limit") {
    return SIGNS[test.sign](test.isPercent ? comparison.percent : comparison.difference, test.limit);
  }
  return comparison.verdict === "one run each" ? undefined : comparison.verdict === test.verdict;
}
