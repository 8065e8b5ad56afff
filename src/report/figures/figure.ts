/** What a drawn figure is: the picture, and the numbers in it. */
export interface DrawnFigure {
  readonly svg: string;
  /** CSV of what is drawn. */
  readonly data: string;
}

/** CSV with a header. Texts are quoted where they must be. */
export function dataCsv(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const cell = (value: string | number | null) => {
    const text = value === null ? "" : String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [header, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");
}
