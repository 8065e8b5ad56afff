/** Walks over the bytes of a CSV file cell by cell, without a string per cell. */
import { type FloatParser, parseDecimal } from "./parse-decimal.ts";

const COMMA = 44;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const POINT = 46;
const ZERO = 48;

/** A decimal of so many digits is an exact integer in doubles, so that one division by a power of ten rounds correctly. */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => Number(`1e${exponent}`));

export class CellScanner {
  /** Line of the current cell, counted from 1. */
  line = 1;
  readonly #bytes: Buffer;
  readonly #floatParser: FloatParser;
  #position = 0;
  #cellStart = 0;

  constructor(bytes: Uint8Array, floatParser: FloatParser = "ieee") {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#floatParser = floatParser;
  }

  /** The cells of the current line; moves to the next one. */
  readLine(): string[] {
    const bytes = this.#bytes;
    const end = bytes.indexOf(LINE_FEED, this.#position);
    const text = bytes.toString("utf8", this.#position, end < 0 ? bytes.length : end);
    this.#position = end < 0 ? bytes.length : end + 1;
    this.line++;
    return text.split(",").map(unquoted);
  }

  /** An upper bound of the rows to come, if each has `columns` cells. */
  countRows(columns: number): number {
    const bytes = this.#bytes;
    let lines = 1;
    for (let at = bytes.indexOf(LINE_FEED, this.#position); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines++;
    return Math.min(lines, Math.ceil((bytes.length - this.#position + 1) / (2 * columns)));
  }

  /** Skips blank lines; false at the end of the file. */
  hasRow(): boolean {
    const bytes = this.#bytes;
    while (this.#position < bytes.length) {
      const byte = bytes[this.#position];
      if (byte === LINE_FEED) this.line++;
      else if (byte !== CARRIAGE_RETURN) {
        this.#cellStart = this.#position;
        return true;
      }
      this.#position++;
    }
    return false;
  }

  /** The number in the next cell of the row, or NaN if there is another text. */
  number(): number {
    const bytes = this.#bytes;
    const { length } = bytes;
    let position = this.#position;
    this.#cellStart = position;
    let value = 0;
    let digits = 0;
    let point = -1;
    let byte = LINE_FEED;
    for (; position < length; position++) {
      byte = bytes[position];
      const digit = byte - ZERO;
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        digits++;
      } else if (byte === POINT && point < 0) point = digits;
      else break;
    }
    const atEnd =
      position === length ||
      byte === COMMA ||
      byte === LINE_FEED ||
      (byte === CARRIAGE_RETURN && (position + 1 === length || bytes[position + 1] === LINE_FEED));
    if (!atEnd || digits === 0 || digits > EXACT_DIGITS) return parseDecimal(this.text(), this.#floatParser);
    this.#position = position;
    return point < 0 ? value : value / POWERS_OF_TEN[digits - point];
  }

  /** The text of the cell that was read last; of the next one after `hasRow` or `separator`. */
  text(): string {
    const bytes = this.#bytes;
    let position = this.#cellStart;
    while (position < bytes.length && bytes[position] !== COMMA && bytes[position] !== LINE_FEED) position++;
    this.#position = position;
    return unquoted(bytes.toString("latin1", this.#cellStart, position));
  }

  /** Steps over what follows a cell: true after a comma (the row goes on), false at the end of the row. */
  separator(): boolean {
    const bytes = this.#bytes;
    if (bytes[this.#position] === CARRIAGE_RETURN) this.#position++;
    const byte = bytes[this.#position];
    if (byte === LINE_FEED) this.line++;
    this.#position++;
    this.#cellStart = this.#position;
    return byte === COMMA;
  }
}

/** Without blanks (a byte order mark among them) around it, and without quotes around that. */
function unquoted(cell: string): string {
  const text = cell.trim();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
