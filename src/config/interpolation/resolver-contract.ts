/** What the functions behind `${name:...}` may ask of the resolution that calls them. */
import type { Element } from "./expression.ts";
import type { Place } from "./resolution-error.ts";
import type { Located } from "./scope.ts";

/** What resolvers see of the world outside the configuration. */
export interface ResolverEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: Date;
  warn(message: string): void;
}

export interface Resolution {
  readonly environment: ResolverEnvironment;
  /** The node at keys below `start`, interpolations followed; undefined when there is none. */
  find(start: Located, keys: readonly string[]): Located | undefined;
  /** The container that leading dots name, seen from a node; no dots: the root. Undefined above the root. */
  container(from: Located, dots: number): Located | undefined;
  elementValue(element: Element, from: Located, place: Place): Located;
}

export interface CallContext {
  readonly resolution: Resolution;
  /** The node that holds the call. */
  readonly from: Located;
  readonly place: Place;
  readonly text: string;
}
