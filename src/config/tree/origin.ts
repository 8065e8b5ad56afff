/** Where a value of a composed configuration comes from. Lines and columns count from 1. */
export type Origin =
  | { readonly kind: "file"; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: "override"; readonly text: string; readonly index: number }
  | { readonly kind: "built-in" };

export const BUILT_IN: Origin = { kind: "built-in" };

export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case "file":
      return `${origin.file}:${origin.line}:${origin.column}`;
    case "override":
      return `override '${origin.text}'`;
    case "built-in":
      return "built in";
  }
}
