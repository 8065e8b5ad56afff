/** Writes a timeline as a file of trace events, piece by piece. */
import { createWriteStream, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { temporaryPath } from "../durable-files.ts";
import type { TraceEvents } from "./trace-events.ts";

const PIECE_LENGTH = 64 * 1024;

/**
 * The JSON Object Format: an event a line; `about` joins `otherData`. A name that ends in .gz is compressed. Rejects with the
 * system's error if the disk refuses, and leaves nothing half done.
 */
export async function writeTrace(path: string, events: TraceEvents, about: Readonly<Record<string, unknown>>) {
  const temporary = temporaryPath(dirname(path));
  const pieces = Readable.from(tracePieces(events, about), { objectMode: true });
  const target = createWriteStream(temporary, { flags: "wx", flush: true });
  try {
    if (path.endsWith(".gz")) await pipeline(pieces, createGzip(), target);
    else await pipeline(pieces, target);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

export function* tracePieces(events: TraceEvents, about: Readonly<Record<string, unknown>>): Generator<string> {
  let piece = '{"displayTimeUnit":"ms","traceEvents":[';
  let separator = "\n";
  for (const event of events.all()) {
    piece += separator + JSON.stringify(event);
    separator = ",\n";
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = "";
  }
  const leftOut = events.leftOut === undefined ? {} : { left_out: events.leftOut };
  yield `${piece}\n],"otherData":${JSON.stringify({ ...about, ...leftOut })}}\n`;
}
