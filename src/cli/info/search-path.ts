/** `--info searchpath`: where configs were looked for, in order. */
import type { Composer } from "../../config/index.ts";
import { displayPath } from "../display-path.ts";
import { formatTable } from "./table.ts";

export function searchPathTable(composer: Composer, overrides: readonly string[]): string {
  const rows = composer.sources(overrides).map(({ provider, location, available }) => {
    return [provider, `${displayPath(location)}${available ? "" : " (missing)"}`];
  });
  return formatTable(["Provider", "Search path"], rows);
}

export function searchPathJson(composer: Composer, overrides: readonly string[]): unknown {
  return composer
    .sources(overrides)
    .map(({ provider, location, available }) => ({ provider, path: displayPath(location), available }));
}
