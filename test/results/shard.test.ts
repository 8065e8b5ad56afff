import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { removeTemporaries, temporaryPath } from "../../src/results/durable-files.ts";
import type { FileContent } from "../../src/results/file-content.ts";
import { isSafeRelativeName } from "../../src/results/relative-name.ts";
import { parseMarker, readShard } from "../../src/results/shard-marker.ts";
import { writeShard } from "../../src/results/write-shard.ts";
import { filesBelow, temporaryDirectory } from "./temporary-directory.ts";

const FILES = new Map<string, FileContent>([
  ["summary.csv", "a,b\n1,2\n"],
  ["detailed/0.csv", ["id\n", "1\n"]],
  [".hydra/config.yaml", new TextEncoder().encode("seed: 0\n")],
]);
const RUN = {
  runId: "0123456789abcdef",
  metrics: { completed: 3, ttft_mean: null, e2e_mean: 0.1 },
  notes: ["two left"],
};

function* failing(): Iterable<string> {
  yield "some rows\n";
  throw new Error("stopped halfway");
}

describe("a shard", () => {
  it("is not written, and the one that it replaces not removed, through a link that leads out of its folder", async () => {
    const folder = temporaryDirectory();
    const target = join(folder, "run");
    await writeShard(target, FILES, RUN);
    renameSync(join(target, "detailed"), join(folder, "elsewhere"));
    symlinkSync("../elsewhere", join(target, "detailed"));
    const before = filesBelow(join(folder, "elsewhere"));
    await expect(writeShard(target, FILES, RUN)).rejects.toMatchObject({
      code: "FILE",
      message: expect.stringContaining(`'${join(target, "detailed")}' is a link`),
    });
    expect(filesBelow(join(folder, "elsewhere"))).toEqual(before);
  });

  it("reads back as it was written", async () => {
    const target = join(temporaryDirectory(), "sub/run");
    const marker = await writeShard(target, FILES, RUN);
    expect(await readShard(target)).toEqual({ state: "complete", marker });
    expect(marker).toMatchObject({ ...RUN, formatVersion: 1 });
    // sha256sum of "id\n1\n"
    expect(marker.files[1]).toEqual({
      name: "detailed/0.csv",
      sizeBytes: 5,
      sha256: "7cde7fb64fd82bd152710cf238e017b9ab46c0592483edc067ba4f6c75fac108",
    });
    expect(Object.keys(filesBelow(target))).toEqual([
      ".hydra/config.yaml",
      "detailed/0.csv",
      "shard.json",
      "summary.csv",
    ]);
  });

  it("has the same bytes every time", async () => {
    const directory = temporaryDirectory();
    await writeShard(join(directory, "a"), FILES, RUN);
    await writeShard(join(directory, "b"), new Map([...FILES].reverse()), RUN);
    expect(filesBelow(join(directory, "a"))).toEqual(filesBelow(join(directory, "b")));
  });

  it("is absent when writing fails, and leaves nothing behind", async () => {
    const directory = temporaryDirectory();
    const files = new Map<string, FileContent>([...FILES, ["z.csv", failing()]]);
    await expect(writeShard(join(directory, "run"), files, RUN)).rejects.toThrow("stopped halfway");
    expect(filesBelow(directory)).toEqual({});
    expect(await readShard(join(directory, "run"))).toEqual({ state: "absent" });
  });

  it("stays as it was when replacing it fails", async () => {
    const target = join(temporaryDirectory(), "run");
    await writeShard(target, FILES, RUN);
    const before = filesBelow(target);
    await expect(writeShard(target, new Map([["z.csv", failing()]]), RUN)).rejects.toThrow();
    expect(filesBelow(target)).toEqual(before);
  });

  it("replaces an older shard whole", async () => {
    const directory = temporaryDirectory();
    await writeShard(join(directory, "run"), FILES, RUN);
    await writeShard(join(directory, "run"), new Map([["summary.csv", "new\n"]]), { ...RUN, runId: "another" });
    expect(Object.keys(filesBelow(directory))).toEqual(["run/shard.json", "run/summary.csv"]);
    expect(await readShard(join(directory, "run"))).toMatchObject({ state: "complete", marker: { runId: "another" } });
  });

  it("goes into an empty directory", async () => {
    const target = temporaryDirectory();
    await writeShard(target, FILES, RUN);
    expect(await readShard(target)).toMatchObject({ state: "complete" });
  });

  it("keeps files that are nobody's shard, and still replaces the old shard's", async () => {
    const target = temporaryDirectory();
    await writeShard(target, FILES, RUN);
    mkdirSync(join(target, "detailed/mine"));
    writeFileSync(join(target, "detailed/mine/notes.txt"), "mine");
    await writeShard(target, new Map([["summary.csv", "new\n"]]), RUN);
    expect(Object.keys(filesBelow(target))).toEqual(["detailed/mine/notes.txt", "shard.json", "summary.csv"]);
    expect(await readShard(target)).toMatchObject({ state: "complete" });
  });

  it.each([
    [
      "a changed byte",
      (dir: string) => writeFileSync(join(dir, "summary.csv"), "a,b\n1,3\n"),
      "summary.csv does not have its SHA-256",
    ],
    [
      "a longer file",
      (dir: string) => appendFileSync(join(dir, "summary.csv"), "x"),
      "summary.csv has 9 bytes, expected 8",
    ],
    ["a missing file", (dir: string) => rmSync(join(dir, "detailed/0.csv")), "detailed/0.csv is missing"],
    [
      "a link in place of a file",
      (dir: string) => {
        renameSync(join(dir, "summary.csv"), join(dir, "elsewhere"));
        symlinkSync("elsewhere", join(dir, "summary.csv"));
      },
      "summary.csv is not a regular file",
    ],
    [
      "a cut marker",
      (dir: string) => writeFileSync(join(dir, "shard.json"), '{"formatVersion": 1,'),
      "shard.json is not JSON",
    ],
  ])("is damaged, with the reason, by %s", async (_, damage, reason) => {
    const target = join(temporaryDirectory(), "run");
    await writeShard(target, FILES, RUN);
    damage(target);
    expect(await readShard(target)).toEqual({ state: "damaged", reason });
  });

  it("is replaced when it was damaged", async () => {
    const target = join(temporaryDirectory(), "run");
    await writeShard(target, FILES, RUN);
    writeFileSync(join(target, "shard.json"), "{");
    await writeShard(target, FILES, RUN);
    expect(await readShard(target)).toMatchObject({ state: "complete" });
  });

  it.each(["../x", "/x", "a/../../x", "a//b", "", ".", "a\\b", "shard.json", "a\nb"])(
    "refuses the file name %j",
    async (name) => {
      await expect(writeShard(join(temporaryDirectory(), "run"), new Map([[name, "x"]]), RUN)).rejects.toMatchObject({
        code: "INTERNAL",
      });
    },
  );

  it.skipIf(process.getuid?.() === 0)("reports a directory it may not write to (root may: skipped)", async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o500);
    await expect(writeShard(join(directory, "run"), FILES, RUN)).rejects.toMatchObject({ code: "FILE" });
  });

  it("reports a file that is in the way", async () => {
    const target = join(temporaryDirectory(), "run");
    writeFileSync(target, "a file");
    await expect(writeShard(target, FILES, RUN)).rejects.toMatchObject({
      code: "FILE",
      message: expect.stringContaining(target),
    });
    expect(readFileSync(target, "utf8")).toBe("a file");
  });
});

describe("a marker from anybody", () => {
  const valid = { formatVersion: 1, runId: "x", metrics: { a: 1 }, notes: [], files: [] };

  it("is refused unless well-formed", () => {
    expect(parseMarker(JSON.stringify(valid))).toEqual(valid);
    const broken: unknown[] = [
      null,
      [],
      { ...valid, formatVersion: 2 },
      { ...valid, runId: 3 },
      { ...valid, metrics: { a: "1" } },
      { ...valid, notes: [1] },
      { ...valid, files: [{ name: "../../x", sizeBytes: 1, sha256: "0".repeat(64) }] },
      { ...valid, files: [{ name: "x", sizeBytes: 1, sha256: "0" }] },
    ];
    for (const value of broken) expect(parseMarker(JSON.stringify(value)), JSON.stringify(value)).toBeTypeOf("string");
    expect(parseMarker('{"formatVersion":1,"runId":"x","metrics":{"__proto__":1},"notes":[],"files":[]}')).toBeTypeOf(
      "string",
    );
  });

  it("never makes the reader throw", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseMarker(text)));
  });
});

describe("relative names", () => {
  it("that pass stay below the folder they are joined to", () => {
    const name = fc
      .array(fc.constantFrom("a", "b.c", ".", "..", "", "/", "\\", ".hydra", ".servesweep-tmp-0"), { maxLength: 5 })
      .map((parts) => parts.join("/"));
    fc.assert(
      fc.property(name, (text) => {
        if (isSafeRelativeName(text)) expect(join("/root/x", text).startsWith("/root/x/")).toBe(true);
      }),
    );
    expect(isSafeRelativeName(".hydra/config.yaml")).toBe(true);
  });
});

describe("what a killed writer leaves", () => {
  it("is removed, and nothing else", () => {
    const directory = temporaryDirectory();
    mkdirSync(temporaryPath(directory));
    writeFileSync(temporaryPath(directory), "torn");
    writeFileSync(join(directory, ".servesweep-tmp-notes"), "mine");
    removeTemporaries(directory);
    removeTemporaries(join(directory, "absent"));
    expect(Object.keys(filesBelow(directory))).toEqual([".servesweep-tmp-notes"]);
    expect(existsSync(directory)).toBe(true);
  });
});
