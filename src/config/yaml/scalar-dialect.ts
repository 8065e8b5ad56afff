/**
 * Which scalar a plain (unquoted) YAML text is: PyYAML's YAML 1.1 rules with OmegaConf's changes (a float needs no
 * dot before its exponent, timestamps stay text).
 */
import { bool, float, int, MAX_INTEGER_DIGITS, NULL, type Scalar, str } from "../values/scalar.ts";

const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const TRUE_WORD = /^(?:yes|true|on)$/i;
const NULL_WORD = /^(?:~|null|Null|NULL|)$/;
const INT =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
// The first three forms are OmegaConf's, where underscores stand between digits; the last three are PyYAML's.
const FLOAT = new RegExp(
  `^(?:${[
    "[-+]?[0-9]+(?:_[0-9]+)*\\.[0-9_]*(?:[eE][-+]?[0-9]+)?",
    "[-+]?[0-9]+(?:_[0-9]+)*[eE][-+]?[0-9]+",
    "\\.[0-9]+(?:_[0-9]+)*(?:[eE][-+][0-9]+)?",
    "[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+][0-9]+)?",
    "\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?",
    "[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*",
    "[-+]?\\.(?:inf|Inf|INF)",
    "\\.(?:nan|NaN|NAN)",
  ].join("|")})$`,
);

export type PlainTag = "null" | "bool" | "int" | "float" | "str" | "merge" | "value";

/** The tag that a plain text resolves to. */
export function plainTag(text: string): PlainTag {
  const first = text[0];
  if (first === undefined) return "null";
  if ("~nN".includes(first) && NULL_WORD.test(text)) return "null";
  if ("yYnNtTfFoO".includes(first) && BOOL.test(text)) return "bool";
  if (first === "<" && text === "<<") return "merge";
  if (first === "=" && text === "=") return "value";
  if (!"-+.0123456789".includes(first)) return "str";
  if (FLOAT.test(text)) return "float";
  return INT.test(text) ? "int" : "str";
}

/** Reads `text` as a tag says (also for explicit tags such as `!!float`); undefined when it does not fit. */
export function scalarOfTag(tag: PlainTag, text: string): Scalar | undefined {
  switch (tag) {
    case "null":
      return NULL;
    case "bool":
      return BOOL.test(text) ? bool(TRUE_WORD.test(text)) : undefined;
    case "int":
      return INT.test(text) ? readInt(text) : undefined;
    case "float":
      return FLOAT.test(text) || INT.test(text) ? float(readFloat(text)) : undefined;
    default:
      return str(text);
  }
}

function readInt(text: string): Scalar | undefined {
  const negative = text.startsWith("-");
  const digits = text.replace(/^[-+]/, "").replaceAll("_", "");
  const magnitude = readMagnitude(digits);
  return magnitude === undefined ? undefined : int(negative ? -magnitude : magnitude);
}

function readMagnitude(digits: string): bigint | undefined {
  if (digits.length > MAX_INTEGER_DIGITS) return undefined;
  if (digits === "0") return 0n;
  if (digits.startsWith("0b")) return digits.length === 2 ? undefined : BigInt(digits);
  if (digits.startsWith("0x")) return digits.length === 2 ? undefined : BigInt(digits);
  if (digits.startsWith("0")) return BigInt(`0o${digits.slice(1)}`);
  if (!digits.includes(":")) return BigInt(digits);
  // Sexagesimal, as YAML 1.1 has it: 190:20:30 is 190*3600 + 20*60 + 30.
  return digits.split(":").reduce((sum, part) => sum * 60n + BigInt(part), 0n);
}

function readFloat(text: string): number {
  const clean = text.replaceAll("_", "").toLowerCase();
  const sign = clean.startsWith("-") ? -1 : 1;
  const digits = clean.replace(/^[-+]/, "");
  if (digits === ".inf") return sign * Number.POSITIVE_INFINITY;
  if (digits === ".nan") return Number.NaN;
  if (!digits.includes(":")) return sign * Number(digits);
  return sign * digits.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}
