/** Numbers of a comparison for people. */
import type { MetricComparison } from "../../analysis/compare/compare-metric.ts";

/** Four significant digits; whole numbers and what is larger in full. */
export function meanText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : significant(value, 4);
}

export function differenceText({ difference }: MetricComparison): string {
  if (difference === 0) return "0";
  const text =
    Number.isInteger(difference) && Math.abs(difference) < 1e15 ? String(difference) : significant(difference, 3);
  return difference > 0 ? `+${text}` : text;
}

/** With as many decimals as the difference. */
export function halfWidthText(comparison: MetricComparison): string {
  const { halfWidth } = comparison;
  if (halfWidth === undefined) return "";
  if (!Number.isFinite(halfWidth)) return "-";
  const text = differenceText(comparison);
  if (halfWidth === 0 || /e/.test(text)) return `±${significant(halfWidth, 3)}`;
  const decimals = /\.(\d+)$/.exec(text)?.[1].length ?? 0;
  const shown = halfWidth.toFixed(decimals);
  return `±${Number(shown) === 0 ? significant(halfWidth, 2) : shown}`;
}

/** Signed percent; what starts at 0 has no share. */
export function changeText(percent: number): string {
  if (percent === 0) return "0";
  if (!Number.isFinite(percent)) return Number.isNaN(percent) ? "-" : "from 0";
  const size = Math.abs(percent);
  const text =
    size >= 0.01 && size < 100 ? percent.toFixed(size >= 10 ? 1 : 2) : significant(percent, size < 0.01 ? 2 : 3);
  return percent > 0 ? `+${text}` : text;
}

function significant(value: number, digits: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size >= 10 ** (digits - 1) && size < 1e15 ? value.toFixed(0) : value.toPrecision(digits);
}
