/** Small plots of block characters. */

const LEVELS = "▁▂▃▄▅▆▇█";
const EIGHTHS = " ▏▎▍▌▋▊▉";

/** A column per value from 0 to the largest; a blank for nothing. */
export function columnPlot(values: readonly number[]): string {
  const largest = Math.max(...values);
  return values
    .map((value) => (value === 0 ? " " : LEVELS[Math.min(7, Math.ceil((value / largest) * 8) - 1)]))
    .join("");
}

/** A bar of `width` characters for a share of 1, to an eighth of a character; what is not nothing shows. */
export function bar(share: number, width: number): string {
  const eighths = share === 0 ? 0 : Math.max(1, Math.round(share * width * 8));
  const rest = eighths % 8 === 0 ? "" : EIGHTHS[eighths % 8];
  return ("█".repeat(Math.floor(eighths / 8)) + rest).padEnd(width);
}

/** Three significant digits, all of the integer part; `-` for what is not known. */
export function figure(value: number | null): string {
  if (value === null) return "-";
  const digits = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  return digits.toLocaleString("en-US", { maximumSignificantDigits: 21 });
}
