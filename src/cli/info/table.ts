/** A table as Hydra prints it: columns between bars, rules above and below the rows. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  const rule = "-".repeat(line(header).length);
  return `${[line(header), rule, ...rows.map(line), rule].join("\n")}\n`;
}
