/** Mooncake's traces (FAST 2025): JSON Lines with timestamp (ms), input_length, output_length and hash_ids. */
import { TraceError } from "../errors.ts";
import type { PrefixBlocks, Trace } from "../sim/workload/trace.ts";
import { plainTrace } from "./plain-trace.ts";

/** Tokens of a block in the published traces; the last one of a prompt may have fewer. */
export const MOONCAKE_BLOCK_TOKENS = 512;

export interface MooncakeOptions {
  /** Only so many requests, from the file's start. */
  readonly limit?: number | undefined;
  /** Tokens that an entry of `hash_ids` stands for. */
  readonly blockTokens?: number | undefined;
}

interface Position {
  readonly file: string;
  readonly line: number;
}

const LARGEST_INTEGER = 2 ** 31 - 1;
const MILLISECONDS = 1000;
const LINE_FEED = 10;

/** `hash_ids` may be absent. Errors: TraceError with the line. */
export function parseMooncakeJsonl(bytes: Uint8Array, source: string, options: MooncakeOptions = {}): Trace {
  const { limit = Number.POSITIVE_INFINITY, blockTokens = MOONCAKE_BLOCK_TOKENS } = options;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const arrivalSeconds: number[] = [];
  const promptTokens: number[] = [];
  const outputTokens: number[] = [];
  const lines: number[] = [];
  const blocks = new BlockColumn(blockTokens);
  for (let start = 0, line = 1; start < buffer.length && lines.length < limit; line++) {
    const feed = buffer.indexOf(LINE_FEED, start);
    const end = feed < 0 ? buffer.length : feed;
    const text = buffer.toString("utf8", start, end);
    start = end + 1;
    if (text.trim() === "") continue;
    const position = { file: source, line };
    const row = rowOf(text, position);
    arrivalSeconds.push(timestamp(row, position) / MILLISECONDS);
    const prompt = tokens(row, "input_length", position);
    promptTokens.push(prompt);
    outputTokens.push(tokens(row, "output_length", position));
    lines.push(line);
    blocks.add(row.hash_ids, prompt, position);
  }
  if (lines.length === 0) throw new TraceError("The trace is empty.", { file: source });
  return {
    ...plainTrace({
      arrivalSeconds: Float64Array.from(arrivalSeconds),
      promptTokens: Int32Array.from(promptTokens),
      outputTokens: Int32Array.from(outputTokens),
      source,
      lines: Int32Array.from(lines),
    }),
    ...blocks.column(),
  };
}

type Row = Record<string, unknown>;

function rowOf(text: string, position: Position): Row {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TraceError(`The line is no JSON: ${(error as Error).message}.`, position, { cause: error });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Row;
  throw new TraceError(`The line holds ${shown(value)}, expected an object.`, position, {
    hint: 'For example {"timestamp": 0, "input_length": 6758, "output_length": 500, "hash_ids": [0, 1]}.',
  });
}

function timestamp(row: Row, position: Position): number {
  const { timestamp: value } = row;
  if (typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return value;
  throw new TraceError(`timestamp is ${shown(value)}, expected milliseconds from 0.`, position);
}

function tokens(row: Row, field: "input_length" | "output_length", position: Position): number {
  const value = row[field];
  if (isInteger(value, 1)) return value;
  throw new TraceError(`${field} is ${shown(value)}, expected an integer from 1 to ${LARGEST_INTEGER}.`, position);
}

function isInteger(value: unknown, minimum: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= minimum && value <= LARGEST_INTEGER;
}

function shown(value: unknown): string {
  return String(JSON.stringify(value)).slice(0, 40);
}

/** Collects the blocks of all rows; a trace without any has no such column. */
class BlockColumn {
  readonly #blockTokens: number;
  readonly #offsets: number[] = [0];
  #ids = new Int32Array(1 << 16);
  #count = 0;

  constructor(blockTokens: number) {
    this.#blockTokens = blockTokens;
  }

  add(hashIds: unknown, promptTokens: number, position: Position): void {
    if (hashIds !== undefined) this.#append(hashIds, promptTokens, position);
    this.#offsets.push(this.#count);
  }

  column(): { readonly prefixBlocks?: PrefixBlocks } {
    if (this.#count === 0) return {};
    return {
      prefixBlocks: {
        blockTokens: this.#blockTokens,
        offsets: Int32Array.from(this.#offsets),
        ids: this.#ids.slice(0, this.#count),
      },
    };
  }

  #append(hashIds: unknown, promptTokens: number, position: Position): void {
    if (!Array.isArray(hashIds)) {
      throw new TraceError(`hash_ids is ${shown(hashIds)}, expected a list of block ids.`, position);
    }
    const most = Math.ceil(promptTokens / this.#blockTokens);
    if (hashIds.length > most) {
      throw new TraceError(
        `hash_ids has ${hashIds.length} blocks of ${this.#blockTokens} tokens, and the prompt of ${promptTokens} tokens ` +
          `has ${most}.`,
        position,
        { hint: "trace.block_tokens says how many tokens a block has." },
      );
    }
    while (this.#count + hashIds.length > this.#ids.length) this.#grow();
    for (const id of hashIds) {
      if (!isInteger(id, 0)) {
        throw new TraceError(`hash_ids has ${shown(id)}, expected integers from 0 to ${LARGEST_INTEGER}.`, position);
      }
      this.#ids[this.#count++] = id;
    }
  }

  #grow(): void {
    const larger = new Int32Array(2 * this.#ids.length);
    larger.set(this.#ids);
    this.#ids = larger;
  }
}
