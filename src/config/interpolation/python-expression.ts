/**
 * Python arithmetic for `${eval:...}`: numbers, text, True/False/None, + - * / // % **, comparisons, and/or/not,
 * `x if c else y`, and the functions int float round abs min max len str. Nothing else: a config cannot run code.
 */
import { bool, NULL, type Scalar, str } from "../values/scalar.ts";
import { callPythonFunction, PYTHON_FUNCTIONS } from "./python-functions.ts";
import { binary, compare, negate, PythonError, positive, truthy } from "./python-operators.ts";

const MAX_LENGTH = 10_000;
const MAX_DEPTH = 100;
const TOKEN =
  /\s*(?:((?:\d[\d_]*)?\.\d[\d_]*(?:[eE][+-]?\d+)?|\d[\d_]*\.(?:[eE][+-]?\d+)?|\d[\d_]*[eE][+-]?\d+)|(\d[\d_]*)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|([A-Za-z_][A-Za-z0-9_]*)|(\*\*|\/\/|<=|>=|==|!=|[-+*/%()<>,]))/y;

interface Token {
  readonly kind: "float" | "int" | "text" | "name" | "sign" | "end";
  readonly text: string;
}

/**
 * The value of a Python expression.
 * @throws {PythonError} for a syntax error, an unknown name, a type mismatch or a division by zero.
 */
export function evaluatePython(source: string): Scalar {
  if (source.length > MAX_LENGTH) throw new PythonError(`the expression is longer than ${MAX_LENGTH} characters`);
  const parser = new PythonParser(tokenize(source));
  const value = parser.conditional();
  parser.expect("");
  return value();
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  const text = source.trimEnd();
  TOKEN.lastIndex = 0;
  let position = 0;
  while (position < text.length) {
    TOKEN.lastIndex = position;
    const found = TOKEN.exec(text);
    if (found === null) throw new PythonError(`unexpected '${text.slice(position).trim()[0]}'`);
    position = TOKEN.lastIndex;
    const [, floating, integer, quoted, name, sign] = found;
    if (floating !== undefined) tokens.push({ kind: "float", text: floating });
    else if (integer !== undefined) tokens.push({ kind: "int", text: integer });
    else if (quoted !== undefined) tokens.push({ kind: "text", text: unquote(quoted) });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else tokens.push({ kind: "sign", text: sign! });
  }
  tokens.push({ kind: "end", text: "" });
  return tokens;
}

function unquote(quoted: string): string {
  const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\", "'": "'", '"': '"' };
  return quoted.slice(1, -1).replace(/\\(.)/g, (whole, char: string) => escapes[char] ?? whole);
}

type Thunk = () => Scalar;

/** Recursive descent into functions to be called, so that a branch which Python would skip is never evaluated. */
class PythonParser {
  readonly tokens: readonly Token[];
  position = 0;
  depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  conditional(): Thunk {
    if (++this.depth > MAX_DEPTH) throw new PythonError(`more than ${MAX_DEPTH} levels of nesting`);
    let value = this.or();
    if (this.takeName("if")) {
      const chosen = value;
      const condition = this.or();
      if (!this.takeName("else")) throw new PythonError("'else' is missing");
      const other = this.conditional();
      value = () => (truthy(condition()) ? chosen() : other());
    }
    this.depth--;
    return value;
  }

  expect(text: string): void {
    const token = this.tokens[this.position]!;
    const ok = text === "" ? token.kind === "end" : token.kind === "sign" && token.text === text;
    if (!ok) throw new PythonError(token.kind === "end" ? `'${text}' is missing` : `unexpected '${token.text}'`);
    this.position++;
  }

  private or(): Thunk {
    const operands = [this.and()];
    while (this.takeName("or")) operands.push(this.and());
    return operands.length === 1 ? operands[0]! : () => firstWhere(operands, true);
  }

  private and(): Thunk {
    const operands = [this.not()];
    while (this.takeName("and")) operands.push(this.not());
    return operands.length === 1 ? operands[0]! : () => firstWhere(operands, false);
  }

  private not(): Thunk {
    let count = 0;
    while (this.takeName("not")) count++;
    const value = this.comparison();
    return count === 0 ? value : () => bool(truthy(value()) === (count % 2 === 0));
  }

  private comparison(): Thunk {
    const first = this.sum();
    const rest: [string, Thunk][] = [];
    for (;;) {
      const sign = this.takeSign("<", ">", "<=", ">=", "==", "!=");
      if (sign === undefined) break;
      rest.push([sign, this.sum()]);
    }
    if (rest.length === 0) return first;
    return () => {
      let left = first();
      for (const [sign, operand] of rest) {
        const right = operand();
        if (!compare(sign, left, right)) return bool(false);
        left = right;
      }
      return bool(true);
    };
  }

  private sum(): Thunk {
    return this.leftToRight(["+", "-"], () => this.product());
  }

  private product(): Thunk {
    return this.leftToRight(["*", "/", "//", "%"], () => this.unary());
  }

  private leftToRight(signs: readonly string[], operand: () => Thunk): Thunk {
    const first = operand();
    const rest: [string, Thunk][] = [];
    for (;;) {
      const sign = this.takeSign(...signs);
      if (sign === undefined) break;
      rest.push([sign, operand()]);
    }
    if (rest.length === 0) return first;
    return () => rest.reduce((value, [sign, right]) => binary(sign, value, right()), first());
  }

  private unary(): Thunk {
    if (++this.depth > MAX_DEPTH) throw new PythonError(`more than ${MAX_DEPTH} levels of nesting`);
    const sign = this.takeSign("-", "+");
    let value: Thunk;
    if (sign === undefined) {
      value = this.power();
    } else {
      const operand = this.unary();
      value = () => (sign === "-" ? negate(operand()) : positive(operand()));
    }
    this.depth--;
    return value;
  }

  private power(): Thunk {
    const base = this.atom();
    if (this.takeSign("**") === undefined) return base;
    const exponent = this.unary();
    return () => binary("**", base(), exponent());
  }

  private atom(): Thunk {
    const token = this.tokens[this.position]!;
    if (token.kind === "end") throw new PythonError("the expression ends too early");
    this.position++;
    if (token.kind === "name") return this.name(token.text);
    if (token.kind !== "sign") {
      const value = literal(token);
      return () => value;
    }
    if (token.text !== "(") throw new PythonError(`unexpected '${token.text}'`);
    const value = this.conditional();
    this.expect(")");
    return value;
  }

  private name(name: string): Thunk {
    if (name === "True" || name === "False") return () => bool(name === "True");
    if (name === "None") return () => NULL;
    if (!PYTHON_FUNCTIONS.includes(name)) {
      throw new PythonError(`name '${name}' is not defined (known: ${PYTHON_FUNCTIONS.join(", ")})`);
    }
    this.expect("(");
    const args: Thunk[] = [];
    if (this.takeSign(")") === undefined) {
      do args.push(this.conditional());
      while (this.takeSign(",") !== undefined);
      this.expect(")");
    }
    return () =>
      callPythonFunction(
        name,
        args.map((argument) => argument()),
      );
  }

  private takeSign(...signs: string[]): string | undefined {
    const token = this.tokens[this.position]!;
    if (token.kind !== "sign" || !signs.includes(token.text)) return undefined;
    this.position++;
    return token.text;
  }

  private takeName(name: string): boolean {
    const token = this.tokens[this.position]!;
    if (token.kind !== "name" || token.text !== name) return false;
    this.position++;
    return true;
  }
}

/** The first operand whose truth is `truth`, else the last one. */
function firstWhere(operands: readonly Thunk[], truth: boolean): Scalar {
  let value: Scalar = NULL;
  for (const operand of operands) {
    value = operand();
    if (truthy(value) === truth) break;
  }
  return value;
}

function literal(token: Token): Scalar {
  if (token.kind === "text") return str(token.text);
  if (token.kind === "int") return readInt(token.text);
  return { type: "float", value: Number(token.text.replaceAll("_", "")) };
}

function readInt(text: string): Scalar {
  const digits = text.replaceAll("_", "");
  if (digits.length > 1 && digits.startsWith("0") && !/^0+$/.test(digits)) {
    throw new PythonError(`an integer cannot start with 0: '${text}'`);
  }
  const value = BigInt(digits);
  return { type: "int", value: value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value };
}
