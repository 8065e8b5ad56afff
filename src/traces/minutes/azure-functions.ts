/**
 * Invocations per minute of Azure Functions 2019 (Shahrad et al., "Serverless in the Wild", ATC 2020; Azure Public Dataset):
 * a file per day, HashOwner,HashApp,HashFunction,Trigger and a column per minute, 1 to 1440.
 */
import { TraceError } from "../../errors.ts";
import { CellScanner } from "../csv/cell-scanner.ts";
import { decompress } from "../decompress.ts";
import type { OpenFile } from "../open-file.ts";
import { LARGEST_MINUTE, type MinuteSource, type VisitSeries } from "./minute-source.ts";

const NAMES = ["HashOwner", "HashApp", "HashFunction", "Trigger"] as const;
const APP = NAMES.indexOf("HashApp");
const FUNCTION = NAMES.indexOf("HashFunction");
const DAY_MINUTES = 1440;

export type FunctionGrouping = "function" | "app";

interface Day {
  readonly path: string;
  readonly firstMinute: number;
  readonly minutes: number;
}

/**
 * Days follow each other in the order of `paths`. A series is a function, named HashApp/HashFunction since function names are
 * unique within an app only, or an app. A day's file is open only while it is scanned. Errors: TraceError with the line.
 */
export function azureFunctions(openFile: OpenFile, paths: readonly string[], grouping: FunctionGrouping): MinuteSource {
  const days: Day[] = [];
  let firstMinute = 0;
  for (const path of paths) {
    const minutes = readHeader(open(openFile, path).scanner, path);
    days.push({ path, firstMinute, minutes });
    firstMinute += minutes;
  }
  return {
    title: paths.join(", "),
    series: grouping,
    minutes: firstMinute,
    scan: (visit) => {
      for (const day of days) scanDay(openFile, day, grouping, visit);
    },
  };
}

function open(openFile: OpenFile, path: string): { readonly scanner: CellScanner; readonly source: string } {
  const file = openFile(path);
  return { scanner: new CellScanner(decompress(file.bytes, file.path)), source: file.path };
}

/** The minutes that the file has. */
function readHeader(scanner: CellScanner, source: string): number {
  if (!scanner.hasRow()) throw new TraceError("The file is empty.", { file: source }, { hint: HEADER });
  const { line } = scanner;
  const header = scanner.readLine();
  const fail = (message: string) => new TraceError(message, { file: source, line }, { hint: HEADER });
  const minutes = header.length - NAMES.length;
  if (minutes > DAY_MINUTES) {
    throw fail(`The file has ${minutes} columns of minutes, and a day has ${DAY_MINUTES}.`);
  }
  header.forEach((name, i) => {
    const expected = NAMES[i] ?? String(i - NAMES.length + 1);
    if (name !== expected) throw fail(`Column ${i + 1} is '${name.slice(0, 40)}', expected ${expected}.`);
  });
  if (minutes < 1) throw fail("The file has no columns of minutes.");
  return minutes;
}

const HEADER = `The header must be ${NAMES.join(",")},1,2,... up to ${DAY_MINUTES} at most.`;

function scanDay(openFile: OpenFile, day: Day, grouping: FunctionGrouping, visit: VisitSeries): void {
  const { scanner, source } = open(openFile, day.path);
  readHeader(scanner, source);
  const cells: string[] = new Array(NAMES.length).fill("");
  const requests = new Float64Array(day.minutes);
  while (scanner.hasRow()) {
    const { line } = scanner;
    for (let i = 0; i < NAMES.length; i++) {
      cells[i] = scanner.text();
      if (!scanner.separator()) throw widthError(source, line, day);
    }
    for (let minute = 0; minute < day.minutes; minute++) {
      const value = scanner.number();
      if (!(value >= 0 && value <= LARGEST_MINUTE)) throw cellError(scanner.text(), source, line, minute);
      requests[minute] = value;
      if (scanner.separator() !== minute < day.minutes - 1) throw widthError(source, line, day);
    }
    visit(grouping === "app" ? cells[APP] : `${cells[APP]}/${cells[FUNCTION]}`, day.firstMinute, requests);
  }
}

function widthError(source: string, line: number, { minutes }: Day): TraceError {
  const width = NAMES.length + minutes;
  return new TraceError(`The row has more or fewer cells than ${width}, which the header has.`, { file: source, line });
}

function cellError(text: string, source: string, line: number, minute: number): TraceError {
  const column = `column ${NAMES.length + minute + 1} (minute ${minute + 1})`;
  return new TraceError(`${column} is '${text.slice(0, 40)}', expected invocations, a number from 0.`, {
    file: source,
    line,
  });
}
