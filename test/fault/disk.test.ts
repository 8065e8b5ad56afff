/** Disks that fill up or refuse, as small file systems in memory. Needs the right to mount. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { filesBelow, sweep, workingDirectory } from "../cli/command.ts";

const mayMount = canMount();
if (!mayMount) console.warn("disk faults are skipped: this user may not mount file systems");

function canMount(): boolean {
  const probe = join("/tmp", `servesweep-mount-${process.pid}`);
  try {
    mkdirSync(probe);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=100k", "tmpfs", probe], { stdio: "ignore" });
    execFileSync("umount", [probe]);
    return true;
  } catch {
    return false;
  } finally {
    execFileSync("rm", ["-rf", probe]);
  }
}

/** A file system of so many bytes at `cwd/disk`. */
function mountDisk(cwd: string, size: string): (options: string) => void {
  const disk = join(cwd, "disk");
  mkdirSync(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", disk]);
  onTestFinished(() => void execFileSync("umount", ["-l", disk]));
  return (options) => void execFileSync("mount", ["-o", `remount,${options}`, disk]);
}

function results(sweepDir: string): Map<string, string> {
  const files = filesBelow(sweepDir);
  for (const name of files.keys()) {
    if (/(^(journal.jsonl|plan.jsonl|multirun.yaml)|hydra.yaml|shard.json)$/.test(name)) files.delete(name);
  }
  return files;
}

const SWEEPS: readonly [name: string, size: string, overrides: readonly string[]][] = [
  ["packed", "250k", ["seed=range(0,600)", "trace.requests=5", "results.outputs=[]", "results.packing=100"]],
  ["with a directory per run", "400k", ["seed=range(0,20)", "trace.requests=50"]],
  ["in a single process", "400k", ["seed=range(0,20)", "trace.requests=50", "hydra/launcher=inline"]],
];

describe.skipIf(!mayMount).each(SWEEPS)("a sweep %s", (_, size, overrides) => {
  test("on a disk that fills up says so, and a resume ends with the bytes of an undisturbed one", async () => {
    const cwd = workingDirectory();
    const remount = mountDisk(cwd, size);
    const { status, stderr } = await sweep(cwd, "-m", ...overrides, "hydra.sweep.dir=disk/s", "--quiet");
    expect(status).toBe(1);
    expect(stderr.match(/no space is left on the device/g)).toHaveLength(1);
    expect(stderr).toContain("go on with: sweep --resume disk/s");
    expect(stderr).not.toMatch(/^\s+at /m);
    const before = JSON.parse((await sweep(cwd, "status", "disk/s", "--verify", "--json")).stdout);
    expect(before.done).toBeLessThan(before.total);
    remount("size=50m");
    const resumed = await sweep(cwd, "--resume", "disk/s", "--quiet", "--json");
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ skipped: before.done, done: before.total - before.done });
    await sweep(cwd, "-m", ...overrides, "hydra.sweep.dir=s", "--quiet");
    expect(results(join(cwd, "disk/s"))).toEqual(results(join(cwd, "s")));
  });

  test("whose directory is read-only says so, changes nothing, and goes on when it is not any more", async () => {
    const cwd = workingDirectory();
    const remount = mountDisk(cwd, "50m");
    await sweep(cwd, "-m", ...overrides, "hydra.sweep.dir=disk/s", "--quiet");
    const complete = results(join(cwd, "disk/s"));
    const pack = overrides.includes("results.outputs=[]") ? "disk/s/packs/1.jsonl" : "disk/s/1/shard.json";
    execFileSync("rm", [join(cwd, pack)]);
    remount("ro");
    const refused = await sweep(cwd, "--resume", "disk/s", "--quiet");
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("the file system is read-only");
    const elsewhere = await sweep(cwd, "-m", ...overrides, "hydra.sweep.dir=disk/other", "--quiet");
    expect(elsewhere.stderr).toContain("the file system is read-only");
    remount("rw");
    expect((await sweep(cwd, "--resume", "disk/s", "--quiet")).status).toBe(0);
    expect(results(join(cwd, "disk/s"))).toEqual(complete);
    expect(readFileSync(join(cwd, pack)).length).toBeGreaterThan(0);
  });
});
