/** How Python prints scalars: needed wherever Hydra turns a value into text. */
import type { Scalar } from "./scalar.ts";

/** `repr` of a Python float: shortest round-trip digits, exponent form from 1e16 up and below 1e-4. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const [mantissa, exponentText] = value.toExponential().split("e") as [string, string];
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const digits = Math.abs(exponent);
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${digits < 10 ? "0" : ""}${digits}`;
  }
  const text = exponent < 0 ? fixedBelowOne(mantissa, exponent) : String(value);
  return text.includes(".") ? text : `${text}.0`;
}

/** `str(x)` of a Python scalar. */
export function pythonStr(scalar: Scalar): string {
  switch (scalar.type) {
    case "null":
      return "None";
    case "bool":
      return scalar.value ? "True" : "False";
    case "int":
      return String(scalar.value);
    case "float":
      return floatRepr(scalar.value);
    case "str":
      return scalar.value;
  }
}

/** `repr(x)` of a Python scalar. */
export function pythonRepr(scalar: Scalar): string {
  return scalar.type === "str" ? stringRepr(scalar.value) : pythonStr(scalar);
}

export function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const char of text) out += escapeForRepr(char, quote);
  return out + quote;
}

/** `json.dumps(text)` of Python: everything outside ASCII is escaped. */
export function pythonJsonString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function escapeForRepr(char: string, quote: string): string {
  if (char === quote || char === "\\") return `\\${char}`;
  if (char === "\n") return "\\n";
  if (char === "\r") return "\\r";
  if (char === "\t") return "\\t";
  const code = char.codePointAt(0)!;
  if (code < 0x20 || (code >= 0x7f && code < 0xa1)) return `\\x${code.toString(16).padStart(2, "0")}`;
  return char;
}

function fixedBelowOne(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace("-", "").replace(".", "");
  return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
}
