import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { Composer, type ComposerOptions } from "../../src/config/index.ts";
import { ConfigError } from "../../src/errors.ts";

export type Files = Readonly<Record<string, string>>;

/** A directory with the given files, removed when the test ends. */
export function directoryWith(files: Files): string {
  const directory = mkdtempSync(path.join(tmpdir(), "config-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return directory;
}

export function composerFor(files: Files, options: Partial<ComposerOptions> = {}): Composer {
  return new Composer({
    searchPath: [{ provider: "main", path: directoryWith(files) }],
    configName: "config",
    env: {},
    now: new Date(2024, 0, 2, 3, 4, 5),
    ...options,
  });
}

/** The ConfigError that `action` throws. */
export function configError(action: () => unknown): ConfigError {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("expected a ConfigError");
}
