/**
 * The override grammar: `[+|++|~]key[@package]=value` with typed values, quotes, containers, functions and sweeps.
 * It follows Hydra 1.4: tokens take the longest match, spaces next to a separator belong to the separator.
 */
import { OverrideError } from "../../errors.ts";
import { suggest } from "../../suggest.ts";
import { type PrimitiveToken, primitiveAt, primitiveText, primitiveValue } from "../grammar/primitive.ts";
import { NULL, type Scalar, str } from "../values/scalar.ts";
import { FunctionError } from "./function-error.ts";
import { callFunction, FUNCTION_NAMES } from "./functions.ts";
import {
  dictElement,
  isSweep,
  type Override,
  type OverrideType,
  type OverrideValue,
  type OverrideValueKind,
} from "./value.ts";

const MAX_DEPTH = 64;
const MAX_CACHED = 20_000;
const PART = "(?:[A-Za-z_$][A-Za-z0-9_$-]*|0|[1-9](?:_?[0-9])*)";
const DOT_PATH_OR_ID = new RegExp(`${PART}(?:\\.${PART})+|[A-Za-z_$][A-Za-z0-9_$-]*`, "y");
const GROUP_TAIL = /(?:\/[A-Za-z_][A-Za-z0-9_-]*)+/y;
const GROUP_HEAD = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const INTERPOLATION = /\$\{[^}]+\}/y;

const cache = new Map<string, Override>();

/**
 * Parses one override.
 * @throws {OverrideError} with the column (from 0) of what does not fit.
 */
export function parseOverride(text: string): Override {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const override = new OverrideParser(text).override();
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(text, override);
  return override;
}

class OverrideParser {
  readonly text: string;
  position = 0;
  depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  override(): Override {
    const type = this.prefix();
    const key = this.keyOrGroup();
    const packageName = this.take("@") ? this.packageName() : undefined;
    if (/(?:^|[./@])__proto__(?:[./@]|$)/.test(`${key}@${packageName ?? ""}`))
      this.failAt("'__proto__' is not allowed as a key", 0);
    if (this.position === this.text.length && type === "del") {
      return this.finish(type, key, packageName, undefined, NULL);
    }
    if (!this.take("=")) this.failAtKey(key);
    this.skipSpace();
    if (this.position === this.text.length) return this.finish(type, key, packageName, "element", str(""));
    const value = this.value();
    if (this.position < this.text.length) this.fail(this.describeNext());
    if (value.type !== "list_extension") return this.finish(type, key, packageName, valueKind(value), value);
    if (type !== "change") {
      this.failAt("extend_list() cannot be combined with a prefix", 0, "Drop the prefix: key=extend_list(...).");
    }
    return this.finish("extend_list", key, packageName, "element", { type: "list", items: value.items });
  }

  private finish(
    type: OverrideType,
    key: string,
    packageName: string | undefined,
    kind: OverrideValueKind | undefined,
    value: OverrideValue,
  ): Override {
    return { type, key, package: packageName, valueKind: kind, value, text: this.text };
  }

  private prefix(): OverrideType {
    if (this.take("~")) return "del";
    if (!this.take("+")) return "change";
    return this.take("+") ? "force_add" : "add";
  }

  private keyOrGroup(): string {
    const head = this.match(DOT_PATH_OR_ID) ?? "";
    if (this.text[this.position] !== "/" || !GROUP_HEAD.test(head)) return head;
    const tail = this.match(GROUP_TAIL);
    if (tail === undefined) this.fail("a group name is missing after '/'");
    return head + tail;
  }

  private packageName(): string {
    return this.match(DOT_PATH_OR_ID) ?? "";
  }

  private value(): OverrideValue {
    const first = this.element();
    const list = [first];
    for (;;) {
      const before = this.position;
      this.skipSpace();
      if (!this.take(",")) {
        this.position = before;
        break;
      }
      this.skipSpace();
      list.push(this.element());
    }
    if (list.length === 1) return first;
    return { type: "choice_sweep", simpleForm: true, shuffle: false, tags: [], list };
  }

  private element(): OverrideValue {
    const char = this.text[this.position];
    if (char === "'" || char === '"') return this.quoted(char);
    if (char !== "[" && char !== "{") return this.functionOrPrimitive();
    if (++this.depth > MAX_DEPTH) this.fail(`more than ${MAX_DEPTH} levels of nesting`);
    this.position++;
    const container = char === "[" ? this.list() : this.dict();
    this.depth--;
    return container;
  }

  private list(): OverrideValue {
    const items: OverrideValue[] = [];
    this.skipSpace();
    if (this.take("]")) return { type: "list", items };
    do {
      this.skipSpace();
      items.push(this.element());
      this.skipSpace();
    } while (this.take(","));
    if (!this.take("]")) this.fail(`${this.describeNext()}; expected ',' or ']'`);
    return { type: "list", items };
  }

  private dict(): OverrideValue {
    const pairs: [Scalar, OverrideValue][] = [];
    this.skipSpace();
    if (this.take("}")) return dictElement(pairs);
    do {
      this.skipSpace();
      const key = this.primitive(false);
      this.skipSpace();
      if (!this.take(":")) this.fail(`${this.describeNext()}; expected ':' after the key`);
      this.skipSpace();
      pairs.push([key, this.element()]);
      this.skipSpace();
    } while (this.take(","));
    if (!this.take("}")) this.fail(`${this.describeNext()}; expected ',' or '}'`);
    return dictElement(pairs);
  }

  private functionOrPrimitive(): OverrideValue {
    const token = primitiveAt(this.text, this.position);
    if (token?.kind === "id") {
      const start = this.position;
      this.position += token.text.length;
      this.skipSpace();
      if (this.take("(")) return this.functionCall(token.text, start);
      this.position = start;
    }
    return this.primitive(true);
  }

  private functionCall(name: string, start: number): OverrideValue {
    if (++this.depth > MAX_DEPTH) this.fail(`more than ${MAX_DEPTH} levels of nesting`);
    const positional: OverrideValue[] = [];
    const keywords: [string, OverrideValue][] = [];
    this.skipSpace();
    if (!this.take(")")) {
      do {
        this.skipSpace();
        const argument = this.argumentName();
        if (argument !== undefined) {
          keywords.push([argument, this.element()]);
        } else {
          if (keywords.length > 0) this.fail("a positional argument cannot follow a named one");
          positional.push(this.element());
        }
        this.skipSpace();
      } while (this.take(","));
      if (!this.take(")")) this.fail(`${this.describeNext()}; expected ',' or ')'`);
    }
    this.depth--;
    try {
      return callFunction(name, positional, keywords);
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      return this.failAt(`${name}(): ${error.message}`, start, functionHint(name));
    }
  }

  /** `name=` before an argument. */
  private argumentName(): string | undefined {
    const start = this.position;
    const token = primitiveAt(this.text, start);
    if (token?.kind !== "id") return undefined;
    this.position += token.text.length;
    this.skipSpace();
    if (this.take("=")) {
      this.skipSpace();
      return token.text;
    }
    this.position = start;
    return undefined;
  }

  /** Unquoted text or a typed scalar; keys of dicts (`full` false) hold neither colons nor interpolations. */
  private primitive(full: true): OverrideValue;
  private primitive(full: false): Scalar;
  private primitive(full: boolean): OverrideValue | Scalar {
    const tokens: (PrimitiveToken | string)[] = [];
    for (;;) {
      const filler = this.fillerEnd(full);
      if (filler > this.position) {
        tokens.push(this.text.slice(this.position, filler));
        this.position = filler;
        continue;
      }
      const interpolation = full ? this.match(INTERPOLATION) : undefined;
      if (interpolation !== undefined) {
        tokens.push(interpolation);
        continue;
      }
      const token = primitiveAt(this.text, this.position);
      if (token === undefined) break;
      tokens.push(token);
      this.position += token.text.length;
    }
    const last = tokens[tokens.length - 1];
    if (tokens.length > 1 && typeof last === "string" && last.trim() === "") tokens.pop();
    const only = tokens[0];
    if (only === undefined) this.fail(this.describeNext());
    if (tokens.length === 1) return typeof only === "string" ? str(only) : primitiveValue(only);
    return str(tokens.map((token) => (typeof token === "string" ? token : primitiveText(token))).join(""));
  }

  /** End of the colon with its spaces, or of the inner spaces, that start here; spaces before a separator are its own. */
  private fillerEnd(colons: boolean): number {
    let end = this.spaceEnd(this.position);
    const next = this.text[end];
    if (next === ":") return colons ? this.spaceEnd(end + 1) : this.position;
    if (next !== undefined && ",()]}=".includes(next)) end = this.position;
    return end;
  }

  /** The text up to the matching quote: the first one with an even number of backslashes before it. */
  private quoted(quote: "'" | '"'): OverrideValue {
    let out = "";
    let i = this.position + 1;
    for (;;) {
      let backslashes = 0;
      while (this.text[i + backslashes] === "\\") backslashes++;
      const next = this.text[i + backslashes];
      if (next === undefined) this.failAt("the quote is not closed", this.position);
      if (next !== quote) {
        out += "\\".repeat(backslashes) + next;
      } else {
        out += "\\".repeat(backslashes >> 1);
        if (backslashes % 2 === 0) break;
        out += quote;
      }
      i += backslashes + 1;
    }
    let end = i;
    while (this.text[end] === "\\") end++;
    this.position = end + 1;
    return { type: "str", value: out, quote: quote === "'" ? "single" : "double" };
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.position += found[0].length;
    return found[0];
  }

  private take(char: string): boolean {
    if (this.text[this.position] !== char) return false;
    this.position++;
    return true;
  }

  private skipSpace(): void {
    this.position = this.spaceEnd(this.position);
  }

  private spaceEnd(from: number): number {
    let end = from;
    while (this.text[end] === " " || this.text[end] === "\t") end++;
    return end;
  }

  private describeNext(): string {
    const next = this.text.slice(this.position)[Symbol.iterator]().next();
    return next.done === true ? "the override ends too early" : `unexpected '${next.value}'`;
  }

  private failAtKey(key: string): never {
    if (this.position === this.text.length) {
      this.fail("'=' is missing", `Write ${this.text === "" ? "key" : this.text}=value.`);
    }
    const next = this.text[this.position];
    const hint =
      next === "["
        ? `Write list indexes with dots: ${key}.0`
        : next === "-" && key === ""
          ? "Options go before overrides; an override is key=value."
          : "A key is made of words and list indexes joined by dots, or of group names joined by '/'.";
    this.fail(`${this.describeNext()} in the key`, hint);
  }

  private fail(reason: string, hint?: string): never {
    const inValue = this.text.slice(0, this.position).includes("=");
    this.failAt(reason, this.position, hint ?? (inValue ? quotingHint(this.text) : undefined));
  }

  private failAt(reason: string, column: number, hint?: string): never {
    throw new OverrideError(`Cannot parse the override '${this.text}': ${reason}.`, this.text, column, { hint });
  }
}

function valueKind(value: OverrideValue): OverrideValueKind {
  if (!isSweep(value)) return "element";
  if (value.type === "glob") return "glob_choice_sweep";
  return value.type === "choice_sweep" && value.simpleForm ? "simple_choice_sweep" : value.type;
}

function quotingHint(text: string): string {
  const split = text.indexOf("=");
  const value = text.slice(split + 1).replaceAll("'", "\\'");
  return `Quote a value with special characters: "${text.slice(0, split)}='${value}'"`;
}

function functionHint(name: string): string | undefined {
  if (FUNCTION_NAMES.includes(name)) return undefined;
  const near = suggest(name, FUNCTION_NAMES);
  const list = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Functions: ${FUNCTION_NAMES.join(", ")}.`;
  return `${list} Quote the value if it is text.`;
}
