/** All kinds of links between instances. */
import type { KvLinksDefinition } from "./kv-links.ts";
import { maxMin } from "./max-min.ts";
import { privateLinks } from "./private.ts";

export const kvLinks: readonly KvLinksDefinition[] = [privateLinks, maxMin];
