/** Runs the built command as a user does. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const BIN = fileURLToPath(new URL("../../bin/sweep.js", import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly outcome: Promise<Outcome>;
  readonly pid: number;
  stderrSoFar(): string;
  kill(signal: NodeJS.Signals): void;
}

/** Starts `sweep` with these arguments in `cwd`; `environment` is added to ours. */
export function start(
  cwd: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningCommand {
  return startProgram(cwd, [process.execPath, BIN, ...args], environment);
}

/** Starts any program with its arguments, such as the command on another machine. */
export function startProgram(
  cwd: string,
  [program, ...args]: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningCommand {
  const child = spawn(program, args, { cwd, env: { ...process.env, CI: "true", ...environment } });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const outcome = new Promise<Outcome>((resolve) => {
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
  return { outcome, pid: child.pid!, stderrSoFar: () => stderr, kill: (signal) => child.kill(signal) };
}

export function sweep(cwd: string, ...args: string[]): Promise<Outcome> {
  return start(cwd, args).outcome;
}

/** A directory that several tests share; the caller removes it. */
export function temporaryWorkingDirectory(): string {
  return mkdtempSync(join(tmpdir(), "servesweep-cli-"));
}

/** A working directory of the test's own, removed when it ends. */
export function workingDirectory(): string {
  const directory = temporaryWorkingDirectory();
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Contents of all files below `directory`, by relative path. */
export function filesBelow(directory: string): Map<string, string> {
  return new Map(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [relative(directory, path), readFileSync(path, "latin1")]),
  );
}
