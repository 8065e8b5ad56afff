import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filesBelow, sweep, workingDirectory } from "./command.ts";

const SMALL = ["cluster=dgx-h100", "trace.filename=rr_code_2_2min,rr_conv_2_2min"];

test("a sweep over named traces says once per family that they are generated, and gives equal bytes on 1 and 2 workers", async () => {
  const cwd = workingDirectory();
  const [one, two] = await Promise.all(
    ["1", "2"].map((workers) =>
      sweep(cwd, "-m", ...SMALL, "seed=0,1", `--workers=${workers}`, `hydra.sweep.dir=s${workers}`),
    ),
  );
  expect([one.status, two.status]).toEqual([0, 0]);
  expect(one.stderr.match(/rr_code_R_2min/g)).toHaveLength(1);
  expect(one.stderr.match(/rr_conv_R_2min/g)).toHaveLength(1);
  const files = filesBelow(cwd);
  for (const run of [0, 1, 2, 3]) {
    for (const name of ["summary.csv", "detailed/0.csv"]) {
      expect(files.get(`s1/${run}/${name}`)).toBe(files.get(`s2/${run}/${name}`));
    }
  }
  const details = [0, 1, 2, 3].map((run) => files.get(`s1/${run}/detailed/0.csv`));
  expect(new Set(details).size).toBe(4);
});

test("a file of a named trace's name goes before the generator, and gives the run another id", async () => {
  const cwd = workingDirectory();
  const words = ["trace.dir=.", "trace.filename=rr_code_2", "--dry-run"];
  const generated = await sweep(cwd, ...words);
  const otherSeed = await sweep(cwd, ...words, "seed=1");
  writeFileSync(join(cwd, "rr_code_2.csv"), "arrival_timestamp,prompt_size,token_size\n1,2,3\n");
  const read = await sweep(cwd, ...words);
  expect(generated.stderr).toContain("there is no file of the named trace rr_code_R");
  expect(read.stderr).not.toContain("named trace");
  const ids = [generated, otherSeed, read].map(({ stdout }) => stdout.split("\t")[1]);
  expect(new Set(ids).size).toBe(3);
});
