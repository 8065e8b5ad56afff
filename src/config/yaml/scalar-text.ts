/**
 * How OmegaConf writes a scalar in block style: which quotes it needs, and where long text is folded. Follows libyaml's
 * emitter (PyYAML's CDumper) with OmegaConf's rule that text which reads as a number or a boolean is quoted.
 */
import { parseFloatString } from "../override/python-numbers.ts";
import { floatRepr } from "../values/python-text.ts";
import type { Scalar } from "../values/scalar.ts";
import { plainTag } from "./scalar-dialect.ts";

/** Columns after which text is folded at the next space. */
const BEST_WIDTH = 80;
const BREAKS = "\n\u0085\u2028\u2029";
const SPACE_OR_BREAK = `\0 \t\r${BREAKS}`;
const BOOL_WORDS = new Set(
  ["y", "yes", "n", "no", "true", "false", "on", "off"].flatMap((word) => [
    word,
    word[0]!.toUpperCase() + word.slice(1),
    word.toUpperCase(),
  ]),
);
const INT_TEXT = /^\s*[+-]?\d+(?:_\d+)*\s*$/;
const TIMESTAMP =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;
const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "0",
  "\u0007": "a",
  "\b": "b",
  "\t": "t",
  "\n": "n",
  "\v": "v",
  "\f": "f",
  "\r": "r",
  "\u001b": "e",
  '"': '"',
  "\\": "\\",
  "\u0085": "N",
  "\u00a0": "_",
  "\u2028": "L",
  "\u2029": "P",
};

/** Where a text is written: the column after the preceding sign and space, and the indent of further lines. */
export interface TextPlace {
  readonly column: number;
  readonly indent: number;
  /** As a key on the line of its value: never folded. */
  readonly isKey: boolean;
}

/** Bytes of the longest key that stands on the line of its value. */
const MAX_SIMPLE_KEY = 128;

/** Whether a key can stand on the line of its value; others are written behind a `?`. */
export function isSimpleKey(key: Scalar): boolean {
  if (key.type !== "str") return true;
  return !/[\r\n\u0085\u2028\u2029]/.test(key.value) && Buffer.byteLength(key.value) <= MAX_SIMPLE_KEY;
}

export function scalarText(scalar: Scalar, place: TextPlace): string {
  switch (scalar.type) {
    case "null":
      return "null";
    case "bool":
      return scalar.value ? "true" : "false";
    case "int":
      return String(scalar.value);
    case "float":
      return floatText(scalar.value);
    case "str":
      return stringText(scalar.value, place);
  }
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  const text = floatRepr(value);
  return text.includes(".") ? text : text.replace("e", ".0e");
}

function stringText(text: string, place: TextPlace): string {
  const analysis = analyze(text);
  const wantsQuotes = BOOL_WORDS.has(text) || INT_TEXT.test(text) || parseFloatString(text) !== undefined;
  const readsBack = plainTag(text) === "str" && !TIMESTAMP.test(text);
  if (!wantsQuotes && readsBack && analysis.plain) return plainText(text, place);
  return analysis.singleQuoted ? singleQuoted(text, place) : doubleQuoted(text, place);
}

/** Which styles can hold a text. */
function analyze(text: string): { plain: boolean; singleQuoted: boolean } {
  if (text === "") return { plain: false, singleQuoted: true };
  const chars = [...text];
  let indicator = text.startsWith("---") || text.startsWith("...");
  let multiline = false;
  let special = false;
  let breakThenSpace = false;
  let spaceThenBreak = false;
  let previous = " ";
  for (const [index, char] of chars.entries()) {
    const next = chars[index + 1];
    const followedBySpace = next === undefined || SPACE_OR_BREAK.includes(next);
    const precededBySpace = index === 0 || SPACE_OR_BREAK.includes(previous);
    if (index === 0) {
      if ("#,[]{}&*!|>'\"%@`".includes(char)) indicator = true;
      if ("?:-".includes(char) && followedBySpace) indicator = true;
    } else {
      if (char === ":" && followedBySpace) indicator = true;
      if (char === "#" && precededBySpace) indicator = true;
    }
    if (BREAKS.includes(char)) multiline = true;
    if (char !== "\n" && !isPrintable(char)) special = true;
    if (index > 0 && char === " " && BREAKS.includes(previous)) breakThenSpace = true;
    if (index > 0 && BREAKS.includes(char) && previous === " ") spaceThenBreak = true;
    previous = char;
  }
  const edges = `${chars[0]}${chars[chars.length - 1]}`;
  const spacedEdge = [...edges].some((char) => char === " " || BREAKS.includes(char));
  const complex = spaceThenBreak || special;
  return {
    plain: !indicator && !multiline && !spacedEdge && !breakThenSpace && !complex,
    singleQuoted: !breakThenSpace && !complex,
  };
}

/** U+2028 and U+2029 end lines in YAML 1.1, which the original writes and reads, and not in 1.2: escaped, they are the same in both. */
function isPrintable(char: string): boolean {
  const code = char.codePointAt(0)!;
  return (
    (code !== 0x2028 && code !== 0x2029 && code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff)
  );
}

/** Single spaces beyond the width become line ends. */
function plainText(text: string, place: TextPlace): string {
  if (place.isKey || place.column + text.length <= BEST_WIDTH) return text;
  let out = "";
  let column = place.column;
  for (const piece of text.match(/ +|[^ ]+/g) ?? []) {
    if (piece === " " && column > BEST_WIDTH) {
      out += `\n${" ".repeat(place.indent)}`;
      column = place.indent;
    } else {
      out += piece;
      column += piece.length;
    }
  }
  return out;
}

function singleQuoted(text: string, place: TextPlace): string {
  const indent = " ".repeat(place.indent);
  let out = "'";
  let column = place.column + 1;
  let position = 0;
  for (const piece of text.match(/ +|\n+|[^ \n]+/g) ?? []) {
    const end = position + piece.length;
    if (piece === " " && column > BEST_WIDTH && !place.isKey && position > 0 && end < text.length) {
      out += `\n${indent}`;
      column = place.indent;
    } else if (piece.startsWith("\n")) {
      // A lone line end would be read as a space, so the first one is doubled.
      out += `\n${piece}${indent}`;
      column = place.indent;
    } else {
      const escaped = piece.replaceAll("'", "''");
      out += escaped;
      column += escaped.length;
    }
    position = end;
  }
  return `${out}'`;
}

function doubleQuoted(text: string, place: TextPlace): string {
  const chars = [...text];
  let out = '"';
  let column = place.column + 1;
  let afterSpace = false;
  for (const [index, char] of chars.entries()) {
    const inside = index > 0 && index < chars.length - 1;
    if (char === " " && !afterSpace && !place.isKey && inside && column > BEST_WIDTH) {
      // The line end stands for this space; a second one must be kept from being taken for indentation.
      out += `\n${" ".repeat(place.indent)}${chars[index + 1] === " " ? "\\" : ""}`;
      column = place.indent + (chars[index + 1] === " " ? 1 : 0);
    } else {
      const written = mustEscape(char) ? escapeSequence(char) : char;
      out += written;
      column += written.length;
    }
    afterSpace = char === " ";
  }
  return `${out}"`;
}

function mustEscape(char: string): boolean {
  return !isPrintable(char) || char === '"' || char === "\\";
}

function escapeSequence(char: string): string {
  const short = ESCAPES[char];
  if (short !== undefined) return `\\${short}`;
  const hex = char.codePointAt(0)!.toString(16).toUpperCase();
  if (hex.length <= 2) return `\\x${hex.padStart(2, "0")}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
