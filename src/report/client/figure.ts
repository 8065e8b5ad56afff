/** What every interactive figure of the page does. */
import type { ChartStyle } from "../charts/style.ts";

/** The style of a chart in its place: as wide as that, in the colours of the page. */
export type PageStyle = (place: HTMLElement) => ChartStyle;

export interface Figure {
  /** Draws the runs that pass the page's filter. */
  draw(keep: (row: number) => boolean): void;
  /** The colours or the width of the page have changed. */
  restyle(style: PageStyle): void;
}
