import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FileContent } from "../../src/results/file-content.ts";
import {
  parseRequestFileName,
  REQUEST_FILE_FORMATS,
  requestFileName,
  requestFileOf,
} from "../../src/results/request-files/index.ts";
import { REQUEST_COLUMN_NAMES, type RequestTable } from "../../src/results/request-table.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

function tableOf(rows: readonly (readonly number[])[]): RequestTable {
  return {
    applicationId: 0,
    rows: Int32Array.from(rows, (_, row) => row),
    column: (name) => {
      const place = REQUEST_COLUMN_NAMES.indexOf(name as (typeof REQUEST_COLUMN_NAMES)[number]);
      return Float64Array.from(rows, (cells) => cells[place]);
    },
    statistics: () => undefined,
    latency: () => undefined,
  };
}

function bytesOf(content: FileContent): Buffer {
  if (typeof content === "string" || content instanceof Uint8Array) return Buffer.from(content as string);
  return Buffer.concat([...content].map((piece) => Buffer.from(piece as string)));
}

/** CSV does not keep the sign of zero. */
const positiveZero = (value: number) => value + 0;

const seconds = fc.double({ noNaN: true, noDefaultInfinity: true });
const tokens = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const rows = fc.array(fc.tuple(seconds, seconds, seconds, seconds, seconds, seconds, tokens, tokens), {
  maxLength: 40,
});

describe.each(REQUEST_FILE_FORMATS)("a table of requests as %s", (format) => {
  test("is read back as it was written, whatever its numbers are", async () => {
    const path = join(temporaryDirectory(), `0.${format}`);
    const file = await requestFileOf(format);
    await fc.assert(
      fc.asyncProperty(rows, async (cells) => {
        const table = tableOf(cells);
        writeFileSync(path, bytesOf(file.content(table)));
        const columns = await file.readColumns(path, REQUEST_COLUMN_NAMES);
        expect(columns?.map((column) => column.map(positiveZero))).toEqual(
          REQUEST_COLUMN_NAMES.map((name) => table.column(name).map(positiveZero)),
        );
      }),
      { numRuns: 50 },
    );
  });

  test("has any number of rows, in order, and equal bytes for equal tables", async () => {
    const path = join(temporaryDirectory(), `0.${format}`);
    const file = await requestFileOf(format);
    const table = tableOf(Array.from({ length: 100_003 }, (_, i) => [i, i / 7, 0, i % 3, 0.5, 0, i % 1000, 1]));
    const bytes = bytesOf(file.content(table));
    expect(bytesOf(file.content(table)).equals(bytes)).toBe(true);
    writeFileSync(path, bytes);
    const [sizes, times] = (await file.readColumns(path, ["prompt_sizes", "response_times"])) ?? [];
    expect(Buffer.from(sizes.buffer).equals(Buffer.from(table.column("prompt_sizes").buffer))).toBe(true);
    expect(Buffer.from(times.buffer).equals(Buffer.from(table.column("response_times").buffer))).toBe(true);
  });

  test("is refused with its path if it cannot be read", async () => {
    const file = await requestFileOf(format);
    await expect(file.readColumns("/nowhere/0", ["ttft_times"])).rejects.toMatchObject({
      code: "FILE",
      message: expect.stringContaining("/nowhere/0"),
    });
  });

  test("has a name that says its application and its format", () => {
    expect(parseRequestFileName(requestFileName(7, format))).toEqual({ applicationId: 7, format });
    expect(parseRequestFileName(`detailed/7_alloc.${format}`)).toBeUndefined();
  });
});

test("a file that is no Parquet file is refused as such", async () => {
  const path = join(temporaryDirectory(), "0.parquet");
  writeFileSync(path, "request_ids,response_times\n1,2\n");
  const file = await requestFileOf("parquet");
  await expect(file.readColumns(path, ["ttft_times"])).rejects.toMatchObject({
    code: "FILE",
    message: expect.stringContaining("is no Parquet file of requests"),
  });
});

test("Parquet needs less than half the bytes of CSV for numbers as simulations give them", async () => {
  const table = tableOf(
    Array.from({ length: 10_000 }, (_, i) => [i, i / 7, i / 11, i / 13, i / 17, 0, i % 999, i % 99]),
  );
  const [csv, parquet] = await Promise.all(
    REQUEST_FILE_FORMATS.map(async (format) => bytesOf((await requestFileOf(format)).content(table)).length),
  );
  expect(parquet).toBeLessThan(csv / 2);
});
