/** What a fit came to, for people and programs. */
import { type Residual, summariseResiduals } from "../../analysis/fit/residuals.ts";
import { formatTextTable, type TextColumn } from "../../sweep/text-table.ts";
import { bar, figure } from "../trace/text-plot.ts";

/** One of the independent parts of a fit, such as prefills. */
export interface FitPart {
  /** For programs, such as `prefill`. */
  readonly name: string;
  readonly title: string;
  /** Fitted numbers by name; empty for curves. */
  readonly coefficients: readonly (readonly [string, number])[];
  readonly residuals: readonly Residual[];
}

export interface FitReport {
  readonly parts: readonly FitPart[];
  readonly warnings: readonly string[];
  /** Of the file that holds what was fitted. */
  readonly content: string;
}

export function partData({ coefficients, residuals }: FitPart) {
  return { coefficients: Object.fromEntries(coefficients), ...summariseResiduals(residuals) };
}

const COLUMNS: readonly TextColumn[] = [
  { group: "", title: "pass", align: "right" },
  { group: "", title: "measured (s)", align: "right" },
  { group: "", title: "fitted (s)", align: "right" },
  { group: "", title: "error", align: "right" },
  { group: "", title: "", align: "left" },
];

/** Residuals shown of a part: the first and last, and those evenly between, by measured time. */
const SHOWN_RESIDUALS = 12;
const HALF_COLUMNS = 12;

export function partLines({ title, coefficients, residuals }: FitPart): string[] {
  const { measurements, mean_relative_error, max_relative_error, bias } = summariseResiduals(residuals);
  const largest = max_relative_error === 0 ? 1 : max_relative_error;
  const rows = sample(residuals).map(({ label, measuredSeconds, fittedSeconds, relativeError }) => [
    label,
    measuredSeconds.toPrecision(4),
    fittedSeconds.toPrecision(4),
    percent(relativeError),
    signedBar(relativeError / largest),
  ]);
  return [
    `${title}: ${figure(measurements)} measurements, relative error ${percent(mean_relative_error, false)} on average ` +
      `(bias ${percent(bias)}), at most ${percent(max_relative_error, false)}`,
    ...coefficients.map(([name, value]) => `  ${name.padEnd(24)}${value.toPrecision(6)}`),
    ...formatTextTable(COLUMNS, rows).map((line) => `  ${line}`),
    "",
  ];
}

function sample(residuals: readonly Residual[]): Residual[] {
  const sorted = [...residuals].sort((a, b) => a.measuredSeconds - b.measuredSeconds);
  if (sorted.length <= SHOWN_RESIDUALS) return sorted;
  const step = (sorted.length - 1) / (SHOWN_RESIDUALS - 1);
  return Array.from({ length: SHOWN_RESIDUALS }, (_, index) => sorted[Math.round(index * step)]);
}

/** Errors below zero to the left of the middle, others to the right. */
function signedBar(share: number): string {
  const length = bar(Math.abs(share), HALF_COLUMNS).trimEnd();
  const left = share < 0 ? "█".repeat([...length].length).padStart(HALF_COLUMNS) : " ".repeat(HALF_COLUMNS);
  return `${left}│${share > 0 ? length : ""}`;
}

function percent(share: number, signed = true): string {
  return `${signed && share > 0 ? "+" : ""}${(100 * share).toFixed(2)}%`;
}
