/** Recorded requests as CSV: `request,in,out,arrival,first_scheduled,first_token,finished`; times in seconds, one clock. */
import { TraceError } from "../../errors.ts";
import { csvRows, requireColumns } from "../csv-rows.ts";
import { FieldReader } from "./record-fields.ts";
import { latenciesOf, type ServedRequest } from "./served-request.ts";

const REQUIRED = ["request", "in", "out", "arrival", "first_token", "finished"] as const;
const COLUMNS = [...REQUIRED, "first_scheduled"] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], string>>;

/** Further columns are ignored, and `first_scheduled` may be missing. Errors: TraceError with the line. */
export function readRequestCsv(text: string, file: string): ServedRequest[] {
  const hint = `The columns are ${COLUMNS.join(", ")}; the last may be left out.`;
  const rows = csvRows<Row>(text, file, (header) => requireColumns(header, REQUIRED, file, hint));
  const reader = new FieldReader();
  const names = new Set<string>();
  const requests = rows.map(({ record: row, info: { lines: line } }) => {
    const position = { file, line };
    const number = (cell: string | undefined) => {
      if (cell === undefined || cell.trim() === "") return undefined;
      return Number.isNaN(Number(cell)) ? cell : Number(cell);
    };
    const name = row.request ?? "";
    if (names.has(name)) reader.mistake(`Another request is called '${name}'.`, position);
    names.add(name);
    return {
      name,
      promptTokens: reader.tokens(number(row.in), "in", position),
      outputTokens: reader.tokens(number(row.out), "out", position),
      ...latenciesOf({
        arrival: reader.seconds(number(row.arrival), "arrival", position),
        firstScheduled: reader.seconds(number(row.first_scheduled), "first_scheduled", position),
        firstToken: reader.seconds(number(row.first_token), "first_token", position),
        finished: reader.seconds(number(row.finished), "finished", position),
      }),
    };
  });
  if (requests.length === 0) throw new TraceError("The file has no requests.", { file });
  reader.finish();
  return requests;
}
