/** What the user's terminal shows. */
import { styleText } from "node:util";

/**
 * Characters of a line of tables: `COLUMNS` if the environment says so, else the terminal's width; undefined, no limit, where
 * stdout is no terminal.
 */
export function terminalWidth(): number | undefined {
  const columns = Number(process.env.COLUMNS);
  if (Number.isSafeInteger(columns) && columns > 0) return columns;
  return process.stdout.isTTY ? process.stdout.columns : undefined;
}

/** The text in a colour, where stdout is a terminal and neither NO_COLOR nor its kind forbids it. */
export function coloured(colour: "green" | "red", text: string): string {
  return styleText(colour, text, { stream: process.stdout });
}
