/**
 * The interpolation grammar: `${a.b}`, `${..x[0]}`, `${resolver:arg,...}` inside text, as OmegaConf 2.4 reads it.
 * Parsing depends on the text alone, so parsed expressions are shared by all nodes with the same text.
 */
import { ConfigError } from "../../errors.ts";
import { type PrimitiveToken, primitiveAt, primitiveText, primitiveValue } from "../grammar/primitive.ts";
import type { Origin } from "../tree/origin.ts";
import type { Scalar } from "../values/scalar.ts";

/** `${a.b}`: `dots` leading dots (0: from the root), then keys. */
export interface NodeReference {
  readonly kind: "reference";
  readonly dots: number;
  readonly keys: readonly KeyPart[];
  readonly text: string;
}

/** `${name:arg,...}`. */
export interface ResolverCall {
  readonly kind: "call";
  readonly name: readonly KeyPart[];
  readonly args: readonly Element[];
  readonly text: string;
}

export type Interpolation = NodeReference | ResolverCall;
export type KeyPart = string | Interpolation;
export type TextPart = string | Interpolation;

/** Text with interpolations; exactly one interpolation and nothing else keeps that interpolation's type. */
export interface Expression {
  readonly kind: "text";
  readonly parts: readonly TextPart[];
}

/** An argument of a resolver. */
export type Element =
  | { readonly kind: "literal"; readonly value: Scalar }
  | { readonly kind: "text"; readonly parts: readonly TextPart[] }
  | { readonly kind: "list"; readonly items: readonly Element[] }
  | { readonly kind: "dict"; readonly entries: readonly (readonly [Scalar, Element])[] }
  | Interpolation;

const MAX_DEPTH = 64;
const MAX_CACHED = 20_000;
const INTERPOLATION_KEY = /[^\\{}()[\]:. \t'"]+/y;
const RESOLVER_WORD = /^[A-Za-z_][A-Za-z0-9_-]*$/;

const cache = new Map<string, Expression>();

/**
 * Parses a string that holds `${`.
 * @throws {ConfigError} `interpolation_syntax`
 */
export function parseExpression(text: string, origin?: Origin): Expression {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const parser = new ExpressionParser(text, origin);
  const expression: Expression = { kind: "text", parts: parser.textUntil(undefined) };
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(text, expression);
  return expression;
}

/**
 * Parses one value as resolvers' arguments are written (used by `oc.decode`).
 * @throws {ConfigError} `interpolation_syntax`
 */
export function parseSingleElement(text: string, origin?: Origin): Element {
  const parser = new ExpressionParser(text, origin);
  const element = parser.element();
  parser.expectEnd();
  return element;
}

/** Recursive descent over the text; a fresh one per text. */
class ExpressionParser {
  readonly text: string;
  readonly origin: Origin | undefined;
  position = 0;
  depth = 0;

  constructor(text: string, origin: Origin | undefined) {
    this.text = text;
    this.origin = origin;
  }

  /** Text with interpolations up to the closing `quote`, or to the end when there is none. */
  textUntil(quote: string | undefined): TextPart[] {
    const parts: TextPart[] = [];
    let literal = "";
    for (;;) {
      const char = this.text[this.position];
      if (char === undefined) {
        if (quote !== undefined) this.fail("the quoted text is not closed");
        break;
      }
      if (char === quote) {
        this.position++;
        break;
      }
      const backslashes = char === "\\" ? this.countBackslashes() : 0;
      const after = this.position + backslashes;
      const opens = this.text.startsWith("${", after);
      if (backslashes > 0 && (opens || (quote !== undefined && this.text[after] === quote))) {
        literal += "\\".repeat(backslashes >> 1);
        this.position = after;
        if (backslashes % 2 === 1) {
          const escaped = opens ? "${" : quote!;
          literal += escaped;
          this.position += escaped.length;
        }
      } else if (backslashes > 0) {
        literal += "\\".repeat(backslashes);
        this.position = after;
      } else if (opens) {
        if (literal !== "") parts.push(literal);
        literal = "";
        parts.push(this.interpolation());
      } else {
        literal += char;
        this.position++;
      }
    }
    if (literal !== "" || parts.length === 0) parts.push(literal);
    return parts;
  }

  interpolation(): Interpolation {
    this.enter();
    const start = this.position;
    this.position += 2;
    this.skipSpace();
    let dots = 0;
    while (this.take(".")) dots++;
    const keys: KeyPart[] = [];
    let plainName = dots === 0;
    for (let first = true; ; first = false) {
      if (this.take("[")) {
        plainName = false;
        keys.push(this.key());
        if (!this.take("]")) this.fail("expected ']'");
      } else if (first || this.take(".")) {
        keys.push(this.key());
      } else {
        break;
      }
    }
    this.skipSpace();
    const call = this.text[this.position] === ":";
    if (!call) {
      if (!this.take("}")) this.fail("expected '}' or ':'");
      this.depth--;
      return { kind: "reference", dots, keys, text: this.text.slice(start, this.position) };
    }
    if (!plainName || keys.some((key) => typeof key === "string" && !RESOLVER_WORD.test(key))) {
      this.fail("the name of a resolver is made of words and dots");
    }
    this.position++;
    const args = this.sequence("}");
    this.depth--;
    return { kind: "call", name: keys, args, text: this.text.slice(start, this.position) };
  }

  element(): Element {
    const char = this.text[this.position];
    if (char === "'" || char === '"') {
      this.position++;
      return { kind: "text", parts: this.textUntil(char) };
    }
    if (char === "[") {
      this.enter();
      this.position++;
      const items = this.sequence("]");
      this.depth--;
      return { kind: "list", items };
    }
    if (char === "{") return this.dict();
    return this.primitive();
  }

  expectEnd(): void {
    if (this.position < this.text.length) this.fail(`unexpected '${this.text[this.position]}'`);
  }

  private dict(): Element {
    this.enter();
    this.position++;
    this.skipSpace();
    const entries: [Scalar, Element][] = [];
    if (!this.take("}")) {
      do {
        this.skipSpace();
        const key = this.dictKey();
        this.skipSpace();
        if (!this.take(":")) this.fail("expected ':'");
        this.skipSpace();
        entries.push([key, this.element()]);
        this.skipSpace();
      } while (this.take(","));
      if (!this.take("}")) this.fail("expected ',' or '}'");
    }
    this.depth--;
    return { kind: "dict", entries };
  }

  /** Elements up to `close`; a missing element between commas is the empty string. */
  private sequence(close: string): Element[] {
    const items: Element[] = [];
    const empty: Element = { kind: "text", parts: [""] };
    this.skipSpace();
    if (this.take(close)) return items;
    let expectsElement = true;
    for (;;) {
      this.skipSpace();
      if (this.take(close)) {
        if (expectsElement) items.push(empty);
        return items;
      }
      if (this.take(",")) {
        if (expectsElement) items.push(empty);
        expectsElement = true;
      } else if (expectsElement) {
        items.push(this.element());
        expectsElement = false;
      } else {
        this.fail(`expected ',' or '${close}'`);
      }
    }
  }

  private primitive(): Element {
    const tokens: (PrimitiveToken | Interpolation | string)[] = [];
    for (;;) {
      if (this.text.startsWith("${", this.position)) {
        tokens.push(this.interpolation());
        continue;
      }
      const filler = this.colonOrSpace();
      if (filler !== undefined) {
        tokens.push(filler);
        continue;
      }
      const token = primitiveAt(this.text, this.position);
      if (token === undefined) break;
      tokens.push(token);
      this.position += token.text.length;
    }
    const only = tokens[0];
    if (only === undefined) this.fail(this.describeNext());
    if (tokens.length === 1 && typeof only !== "string") {
      return isInterpolation(only) ? only : { kind: "literal", value: primitiveValue(only) };
    }
    const parts: TextPart[] = [];
    for (const token of tokens) {
      const part = typeof token === "string" || isInterpolation(token) ? token : primitiveText(token);
      const last = parts.length - 1;
      if (typeof part === "string" && typeof parts[last] === "string") parts[last] += part;
      else parts.push(part);
    }
    return { kind: "text", parts };
  }

  /** A colon with the spaces around it, or inner spaces; spaces before a closing sign belong to that sign. */
  private colonOrSpace(): string | undefined {
    const start = this.position;
    let end = start;
    while (this.text[end] === " " || this.text[end] === "\t") end++;
    const next = this.text[end];
    if (next === ":") {
      end++;
      while (this.text[end] === " " || this.text[end] === "\t") end++;
    } else if (end === start || next === "," || next === "]" || next === "}") {
      return undefined;
    }
    this.position = end;
    return this.text.slice(start, end);
  }

  private dictKey(): Scalar {
    const tokens: (PrimitiveToken | string)[] = [];
    for (;;) {
      const start = this.position;
      let end = start;
      while (this.text[end] === " " || this.text[end] === "\t") end++;
      if (end > start) {
        if (this.text[end] === ":") break;
        tokens.push(this.text.slice(start, end));
        this.position = end;
        continue;
      }
      const token = this.text.startsWith("${", start) ? undefined : primitiveAt(this.text, start);
      if (token === undefined) break;
      tokens.push(token);
      this.position += token.text.length;
    }
    const only = tokens[0];
    if (only === undefined) this.fail(this.describeNext());
    if (tokens.length === 1 && typeof only !== "string") return primitiveValue(only);
    return {
      type: "str",
      value: tokens.map((token) => (typeof token === "string" ? token : primitiveText(token))).join(""),
    };
  }

  private key(): KeyPart {
    if (this.text.startsWith("${", this.position)) return this.interpolation();
    INTERPOLATION_KEY.lastIndex = this.position;
    const found = INTERPOLATION_KEY.exec(this.text);
    if (found === null) this.fail(this.describeNext());
    this.position += found[0].length;
    return found[0];
  }

  private enter(): void {
    if (++this.depth > MAX_DEPTH) this.fail(`more than ${MAX_DEPTH} levels of nesting`);
  }

  private countBackslashes(): number {
    let count = 0;
    while (this.text[this.position + count] === "\\") count++;
    return count;
  }

  private skipSpace(): void {
    while (this.text[this.position] === " " || this.text[this.position] === "\t") this.position++;
  }

  private take(char: string): boolean {
    if (this.text[this.position] !== char) return false;
    this.position++;
    return true;
  }

  private describeNext(): string {
    const next = this.text[this.position];
    return next === undefined ? "the text ends too early" : `unexpected '${next}'`;
  }

  private fail(reason: string): never {
    throw new ConfigError("interpolation_syntax", `Malformed interpolation '${this.text}': ${reason}.`, {
      ...(this.origin?.kind === "file" ? { position: this.origin } : {}),
      hint: "To keep '${' as text write '\\${'; quote an argument that holds special characters.",
    });
  }
}

function isInterpolation(token: PrimitiveToken | Interpolation): token is Interpolation {
  return token.kind === "reference" || token.kind === "call";
}
