/** All routers. */
import { noOp } from "./no-op.ts";
import type { RouterDefinition } from "./router.ts";

export const routers: readonly RouterDefinition[] = [noOp];
