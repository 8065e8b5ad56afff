/**
 * Plain data handed to the rest of the program. Parts that no interpolation touches are shared between
 * compositions and frozen, hence read-only; whoever needs to change something makes a copy.
 */
export type PlainValue = string | number | boolean | null | readonly PlainValue[] | PlainMap;

export interface PlainMap {
  readonly [key: string]: PlainValue;
}

export function isPlainMap(value: PlainValue | undefined): value is PlainMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
