/**
 * Lexical rules shared by the override grammar and the interpolation grammar: the text of a number, a word or
 * an escape, and what a lone token means. The longest match wins; of equal ones, the number before the word.
 */
import { FALSE, float, NULL, parseDecimalInt, type Scalar, str, TRUE } from "../values/scalar.ts";

const UNSIGNED = "(?:0|[1-9](?:_?[0-9])*)";
const FRACTION = "\\.[0-9](?:_?[0-9])*";
const EXPONENT = "[eE][+-]?[0-9](?:_?[0-9])*";
const FLOAT = new RegExp(
  `[+-]?(?:${UNSIGNED}?${FRACTION}(?:${EXPONENT})?|${UNSIGNED}\\.(?:${EXPONENT})?|${UNSIGNED}${EXPONENT}|[iI][nN][fF]|[nN][aA][nN])`,
  "y",
);
const INT = new RegExp(`[+-]?${UNSIGNED}`, "y");
const ID = /[A-Za-z_][A-Za-z0-9_-]*/y;
const ESCAPES = /(?:\\[\\()[\]{}:=, \t])+/y;

/** Characters other than words and numbers that unquoted text may hold. */
const UNQUOTED_CHARS = "/-\\+.$%*@?|";

export type PrimitiveKind = "id" | "null" | "bool" | "int" | "float" | "char" | "escape";

export interface PrimitiveToken {
  readonly kind: PrimitiveKind;
  readonly text: string;
}

/** The primitive token at `position`, or undefined if none starts there. */
export function primitiveAt(text: string, position: number): PrimitiveToken | undefined {
  const char = text[position];
  if (char === undefined) return undefined;
  const word = match(ID, text, position);
  const floating = match(FLOAT, text, position);
  const integer = match(INT, text, position);
  if (floating !== undefined && floating.length >= (integer?.length ?? 0) && floating.length >= (word?.length ?? 0)) {
    return { kind: "float", text: floating };
  }
  if (integer !== undefined) return { kind: "int", text: integer };
  if (word !== undefined) return { kind: wordKind(word), text: word };
  const escapes = char === "\\" ? match(ESCAPES, text, position) : undefined;
  if (escapes !== undefined) return { kind: "escape", text: escapes };
  return UNQUOTED_CHARS.includes(char) ? { kind: "char", text: char } : undefined;
}

/** The value of a token that stands alone; words, characters and escapes are strings. */
export function primitiveValue(token: PrimitiveToken): Scalar {
  switch (token.kind) {
    case "null":
      return NULL;
    case "bool":
      return token.text.toLowerCase() === "true" ? TRUE : FALSE;
    case "int":
      return parseDecimalInt(token.text);
    case "float":
      return float(parseFloatText(token.text));
    default:
      return str(primitiveText(token));
  }
}

/** The text of a token inside a longer string. */
export function primitiveText(token: PrimitiveToken): string {
  return token.kind === "escape" ? everySecond(token.text) : token.text;
}

/** Reads the text of a float as the grammars allow it (underscores, `inf`, `nan`, signs). */
export function parseFloatText(text: string): number {
  const clean = text.replaceAll("_", "").toLowerCase();
  if (clean.endsWith("inf")) return clean.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (clean.endsWith("nan")) return Number.NaN;
  return Number(clean);
}

function wordKind(word: string): PrimitiveKind {
  const lower = word.toLowerCase();
  if (lower === "null") return "null";
  return lower === "true" || lower === "false" ? "bool" : "id";
}

function everySecond(text: string): string {
  let out = "";
  for (let i = 1; i < text.length; i += 2) out += text[i];
  return out;
}

function match(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  const found = pattern.exec(text);
  return found === null ? undefined : found[0];
}
