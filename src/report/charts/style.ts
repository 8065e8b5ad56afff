/** What all figures look like. */
import type { PlotOptions } from "@observablehq/plot";

export interface ChartStyle {
  readonly width: number;
  readonly height: number;
  /** Of text and axes. */
  readonly ink: string;
  /** Of rules behind the data. */
  readonly grid: string;
  readonly palette: readonly string[];
  readonly fontFamily: string;
  /** Given outside of browsers. */
  readonly document?: PlotOptions["document"];
  /** Values under the pointer; in browsers only. */
  readonly tips: boolean;
}

/** Okabe and Ito's colours, which the colour-blind tell apart; the yellow is darker, to be seen on white. */
export const LIGHT_PALETTE = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900", "#56b4e9", "#7f5fc4", "#595959"];
export const DARK_PALETTE = ["#5db7f0", "#f58a4b", "#3fcf9f", "#e6a3c7", "#e3c04d", "#9bd6f7", "#b69df0", "#b3b3b3"];

export const PRINT_STYLE: ChartStyle = {
  width: 720,
  height: 420,
  ink: "#1b1f24",
  grid: "#1b1f24",
  palette: LIGHT_PALETTE,
  fontFamily: "DejaVu Sans, Verdana, system-ui, sans-serif",
  tips: false,
};

/** `ttft_p99` of unit `s` as an axis names it. */
export function axisLabel(name: string, unit: string): string {
  return unit === "" || unit === "1" ? name : `${name} (${unit})`;
}
