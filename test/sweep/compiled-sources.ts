/** JavaScript of the sources that worker threads and child processes need: Node 20 cannot load TypeScript. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";

const REPOSITORY = join(import.meta.dirname, "../..");
const SOURCES = ["src/errors.ts", "src/results", "src/sweep", "test/sweep/fixtures"];

export interface CompiledSources {
  readonly directory: string;
  /** URL of a compiled file, by its source's path in the repository. */
  url(source: string): URL;
}

/** Transpiles into a temporary directory, which the caller removes. */
export function compileSources(): CompiledSources {
  const directory = mkdtempSync(join(tmpdir(), "servesweep-compiled-"));
  writeFileSync(join(directory, "package.json"), '{"type":"module"}');
  symlinkSync(join(REPOSITORY, "node_modules"), join(directory, "node_modules"));
  for (const source of SOURCES.flatMap(typescriptFiles)) {
    const { outputText } = ts.transpileModule(readFileSync(join(REPOSITORY, source), "utf8"), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2023,
        rewriteRelativeImportExtensions: true,
        verbatimModuleSyntax: true,
      },
    });
    const target = join(directory, source.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
  }
  return { directory, url: (source) => pathToFileURL(join(directory, source.replace(/\.ts$/, ".js"))) };
}

function typescriptFiles(source: string): string[] {
  if (source.endsWith(".ts")) return [source];
  return readdirSync(join(REPOSITORY, source), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(source, name));
}
