/** A table of two columns, tokens of a pass and milliseconds, under a heading. */

import { TraceError, throwTogether } from "../../errors.ts";
import { csvRows } from "../csv-rows.ts";

export interface BatchTime {
  readonly tokens: number;
  readonly seconds: number;
}

const SHOWN_MISTAKES = 20;
const MILLISECONDS = 1000;

/** Errors: TraceError with the line, of all mistakes. */
export function readBatchTimes(text: string, file: string): BatchTime[] {
  const rows = csvRows<readonly string[]>(text, file).slice(1);
  const errors: TraceError[] = [];
  const times = rows.map(({ record: [tokens = "", milliseconds = ""], info: { lines: line } }) => {
    if (!/^[1-9]\d*$/.test(tokens)) {
      errors.push(new TraceError(`The batch size is '${tokens}', expected a whole number above 0.`, { file, line }));
    }
    if (!(Number(milliseconds) > 0)) {
      errors.push(new TraceError(`The time is '${milliseconds}', expected milliseconds above 0.`, { file, line }));
    }
    return { tokens: Number(tokens), seconds: Number(milliseconds) / MILLISECONDS };
  });
  throwTogether(errors.slice(0, SHOWN_MISTAKES));
  if (times.length === 0) throw new TraceError("The file has no times below its heading.", { file });
  return times;
}
