import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { composerFor, configError } from "./helpers.ts";

const CONFIG = `
defaults:
  - cluster: a
  - override hydra/sweeper: combined
seed: 0
rate: 1.0
note: x
tags: []
`;
const FILES = { "cluster/a.yaml": "count: 1\n", "cluster/b.yaml": "count: 2\nlinks: 3\n" };

function jobs(overrides: readonly string[], sweeper: object = {}): string[] {
  const composer = composerFor({ ...FILES, "config.yaml": `${CONFIG}${stringify({ hydra: { sweeper } })}` });
  return composer.expand(overrides).jobs.map((job) => job.overrides.join(" "));
}

describe("zip", () => {
  test("zipped keys advance together, and are one dimension where the first of them stands", () => {
    expect(jobs(["seed=1,2", "cluster=a,b", "rate=3,4"], { zip: [["seed", "rate"]] })).toEqual([
      "seed=1 rate=3 cluster=a",
      "seed=1 rate=3 cluster=b",
      "seed=2 rate=4 cluster=a",
      "seed=2 rate=4 cluster=b",
    ]);
  });

  test("without zip and points the jobs are the product", () => {
    expect(jobs(["seed=1,2", "rate=3,4"])).toEqual([
      "seed=1 rate=3",
      "seed=1 rate=4",
      "seed=2 rate=3",
      "seed=2 rate=4",
    ]);
  });

  test.each([
    ["keys of different lengths", [["seed", "rate"]], "seed has 2, rate has 3"],
    ["a key that is not swept", [["seed", "rat"]], "no such key"],
    [
      "a key in two groups",
      [
        ["seed", "rate"],
        ["seed", "note"],
      ],
      "zipped twice",
    ],
    ["what is no list of lists", ["seed"], "list of lists"],
  ])("%s cannot be zipped", (_title, zip, message) => {
    const error = configError(() => jobs(["seed=1,2", "rate=3,4,5", "note=a,b"], { zip }));
    expect(error.label).toBe("bad_zip");
    expect(error.message).toContain(message);
  });
});

describe("points", () => {
  test("the points run slowest and may set different keys", () => {
    expect(jobs(["seed=1,2"], { points: [{ cluster: "a" }, { cluster: "b", "cluster.links": 9 }] })).toEqual([
      "cluster=a seed=1",
      "cluster=a seed=2",
      "cluster=b cluster.links=9 seed=1",
      "cluster=b cluster.links=9 seed=2",
    ]);
  });

  test("a key cannot be given by the points and by an override", () => {
    expect(configError(() => jobs(["seed=1,2"], { points: [{ seed: 3 }] })).label).toBe("bad_points");
  });

  test("every text, number and list of a point reaches its job as it is", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "1", "'", '"', "\\", ",", " ", "=", "$", "{", "}", "é", "\n"),
    });
    const value = fc.oneof(text, fc.integer({ min: -9, max: 9 }), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(value, fc.array(value, { maxLength: 3 }), (note, tags) => {
        // Interpolations are not text, whoever writes them.
        fc.pre(!JSON.stringify([note, tags]).includes("${"));
        const files = {
          ...FILES,
          "config.yaml": `${CONFIG}hydra: ${JSON.stringify({ sweeper: { points: [{ note, tags }] } })}\n`,
        };
        const composer = composerFor(files);
        const expansion = composer.expand([]);
        expect(composer.composeJob(expansion, expansion.jobs[0]!).resolved()).toMatchObject({ note, tags });
      }),
      { numRuns: 150 },
    );
  });
});

test("a fixed override that only a swept option's key fits explains itself", () => {
  const error = configError(() => jobs(["cluster=a,b", "cluster.links=5"]));
  expect(error.label).toBe("key_not_in_struct");
  expect(error.hint).toContain("'cluster' is swept");
  expect(jobs(["cluster=a,b", "++cluster.links=5"])).toHaveLength(2);
});
