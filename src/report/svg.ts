/** Figures as files: charts drawn outside of browsers, with their legend inside, alone or in a grid. */
import type { plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type ChartStyle, PRINT_STYLE } from "./charts/style.ts";
import { escapeHtml } from "./escape-html.ts";

type Chart = ReturnType<typeof plot>;

export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
}

export interface Panel {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** The style of a chart that is drawn into a document of its own. */
export function printStyle(changes: Partial<ChartStyle> = {}): ChartStyle {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  return { ...PRINT_STYLE, document: document as unknown as NonNullable<ChartStyle["document"]>, ...changes };
}

/** The drawing of a chart, without the legend that Plot puts beside it. */
export function panelOf(chart: Chart): Panel {
  const element = chart as unknown as {
    readonly tagName: string;
    readonly outerHTML: string;
    querySelector(selector: string): { readonly outerHTML: string } | null;
    querySelectorAll(selector: string): Iterable<{ readonly outerHTML: string }>;
  };
  const drawings = element.tagName.toLowerCase() === "svg" ? [element] : [...element.querySelectorAll("svg")];
  // Legends of symbols are drawings too, and stand before the chart.
  const svg = (drawings.at(-1) ?? element).outerHTML;
  const [width, height] = ["width", "height"].map((name) =>
    Number(new RegExp(`^<svg[^>]* ${name}="([\\d.]+)"`).exec(svg)?.[1]),
  );
  return { svg, width, height };
}

const TITLE_HEIGHT = 30;
const LEGEND_HEIGHT = 26;
const PADDING = 14;

/** Panels in rows, below a title and a legend, on white. */
export function figureSvg(
  rows: readonly (readonly Panel[])[],
  { title, legend = [] }: { readonly title: string; readonly legend?: readonly LegendEntry[] },
): string {
  const { fontFamily, ink } = PRINT_STYLE;
  const width = Math.max(...rows.map((row) => row.reduce((sum, panel) => sum + panel.width, 0))) + 2 * PADDING;
  const legendLines = layLegend(legend, width - 2 * PADDING);
  let y = PADDING + TITLE_HEIGHT + legendLines.length * LEGEND_HEIGHT;
  const texts = [
    `<text x="${PADDING}" y="${PADDING + 16}" font-size="15" font-weight="bold">${escapeHtml(title)}</text>`,
    ...legendLines.flatMap((line, index) =>
      line.map(({ label, colour, x }) => {
        const base = PADDING + TITLE_HEIGHT + index * LEGEND_HEIGHT + 12;
        return `<rect x="${x}" y="${base - 9}" width="11" height="11" rx="2" fill="${colour}"/><text x="${x + 16}" y="${base + 1}" font-size="12">${escapeHtml(label)}</text>`;
      }),
    ),
  ];
  const panels = rows.flatMap((row) => {
    let x = PADDING;
    const placed = row.map(({ svg, width: panelWidth }) => {
      const at = svg.replace("<svg", `<svg x="${x}" y="${y}"`);
      x += panelWidth;
      return at;
    });
    y += Math.max(...row.map(({ height }) => height));
    return placed;
  });
  const height = y + PADDING;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${escapeHtml(fontFamily)}" fill="${ink}" color="${ink}">`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...texts,
    ...panels,
    "</svg>\n",
  ].join("\n");
}

/** Entries side by side, as many as fit; widths of letters are estimated. */
function layLegend(legend: readonly LegendEntry[], width: number): (LegendEntry & { readonly x: number })[][] {
  const lines: (LegendEntry & { readonly x: number })[][] = [];
  let x = Number.POSITIVE_INFINITY;
  for (const entry of legend) {
    const entryWidth = 34 + 7.2 * entry.label.length;
    if (x + entryWidth > width + PADDING) {
      lines.push([]);
      x = PADDING;
    }
    lines[lines.length - 1].push({ ...entry, x });
    x += entryWidth;
  }
  return lines;
}
