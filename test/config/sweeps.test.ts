import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { permutation } from "../../src/config/compose/permutation.ts";
import { listJobs, parseOverride, planSweep } from "../../src/config/index.ts";
import { globMatches } from "../../src/config/override/glob.ts";
import { composerFor, configError } from "./helpers.ts";

const context = { groupOptions: () => [], shuffle: permutation };

function jobs(overrides: readonly string[], maxJobs = 1000): string[] {
  return listJobs(planSweep(overrides.map(parseOverride), context), maxJobs).map((job) => job.join(" "));
}

describe("dimensions", () => {
  test("the last dimension runs fastest", () => {
    expect(jobs(["a=1,2", "b=x,y"])).toEqual(["a=1 b=x", "a=1 b=y", "a=2 b=x", "a=2 b=y"]);
  });

  test("a repeated key keeps its place and takes the last value", () => {
    expect(jobs(["a=1,2", "b=3", "a=9"])).toEqual(["a=9 b=3"]);
  });

  test("the number of jobs is the product of the dimensions", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }), (sizes) => {
        const overrides = sizes.map((size, i) => `k${i}=range(${size})`);
        const listed = jobs(overrides, 10_000);
        expect(listed).toHaveLength(sizes.reduce((product, size) => product * size, 1));
        expect(new Set(listed).size).toBe(listed.length);
      }),
    );
  });

  test("a decimal range has no rounding noise", () => {
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 }), (start, step) => {
        const [a, s, stop] = [start / 10, step / 10, (start + 20 * step) / 10];
        const values = jobs([`k=range(${a},${stop},${s})`]).map((job) => Number(job.slice(2)));
        expect(values).toEqual(Array.from({ length: 20 }, (_, i) => (start + i * step) / 10));
      }),
    );
  });

  test("sorting a range backwards lists the same values backwards", () => {
    const range = fc.tuple(
      fc.integer({ min: -20, max: 20 }),
      fc.integer({ min: 0, max: 40 }),
      fc.constantFrom("1", "3", "0.3"),
    );
    fc.assert(
      fc.property(range, ([start, length, step]) => {
        const forwards = `range(${start},${start + length},${step})`;
        const values = jobs([`k=${forwards}`]);
        expect(jobs([`k=sort(${forwards},reverse=true)`])).toEqual([...values].reverse());
      }),
    );
  });

  test("a shuffled sweep has the same values in the same order every time", () => {
    const values = jobs(["k=shuffle(range(20))"]);
    expect(jobs(["k=shuffle(range(20))"])).toEqual(values);
    expect([...values].sort()).toEqual([...jobs(["k=range(20)"])].sort());
  });
});

describe("bounds", () => {
  test.each(["k=range(1,inf)", "k=range(1000000000000)", "k=range(1e300)"])(
    "%s is refused before it is listed",
    (text) => {
      expect(configError(() => jobs([text])).label).toBe("sweep_too_large");
    },
  );

  test("a product that is too large names its dimensions", () => {
    expect(configError(() => jobs(["a=range(1000)", "b=range(1000)"])).message).toContain("a: 1000, b: 1000");
  });

  test("one empty dimension makes a sweep of no jobs, however large the others", () => {
    expect(jobs(["a=range(0)", "b=range(1,inf)"])).toEqual([]);
  });

  test("an interval has no list of values", () => {
    expect(configError(() => jobs(["k=interval(0,1)"])).label).toBe("unsupported_sweep_type");
  });
});

test("glob patterns agree with regular expressions", () => {
  const pattern = fc.stringMatching(/^[ab*?]{0,8}$/);
  const name = fc.stringMatching(/^[ab]{0,10}$/);
  fc.assert(
    fc.property(pattern, name, (glob, candidate) => {
      const regex = new RegExp(`^${glob.replaceAll("*", ".*").replaceAll("?", ".")}$`);
      expect(globMatches(glob, candidate)).toBe(regex.test(candidate));
    }),
  );
});

describe("jobs of a sweep", () => {
  const files = {
    "config.yaml":
      "defaults:\n  - cluster: a\n  - _self_\nseed: 0\nnote: base\nhydra:\n  sweep: {subdir: '${hydra.job.num}_${seed}'}\n",
    "cluster/a.yaml": "n: 1\n",
    "cluster/b.yaml": "n: 2\nonly_b: true\n",
    "experiment/launcher.yaml": "# @package _global_\nhydra:\n  sweeper: {max_batch_size: 3}\n",
    "experiment/plain.yaml": "# @package _global_\nseed: 5\n",
  };

  test("each job is composed from its own overrides", () => {
    const composer = composerFor(files);
    const expansion = composer.expand(["cluster=a,b", "seed=1,2"]);
    const seen = expansion.jobs.map((job) => {
      const composition = composer.composeJob(expansion, job);
      return [composition.select("cluster.n"), composition.select("seed"), composition.hydraResolved("sweep.subdir")];
    });
    expect(seen).toEqual([
      [1, 1, "0_1"],
      [1, 2, "1_2"],
      [2, 1, "2_1"],
      [2, 2, "3_2"],
    ]);
    expect(expansion.sweptKeys).toEqual(["cluster", "seed"]);
  });

  test("options of a glob come from the search path", () => {
    const expansion = composerFor(files).expand(["cluster=glob(*,exclude=a)"]);
    expect(expansion.jobs.map((job) => job.overrides)).toEqual([["cluster=b"]]);
  });

  test("a job that changes the sweeper is refused", () => {
    const composer = composerFor(files);
    const expansion = composer.expand(["+experiment=plain,launcher"]);
    composer.composeJob(expansion, expansion.jobs[0]!);
    expect(configError(() => composer.composeJob(expansion, expansion.jobs[1]!)).label).toBe("sweep_changes_launcher");
  });

  test("a bare deletion deletes in every job, a deletion of null only null", () => {
    const composer = composerFor(files);
    const bare = composer.expand(["~note", "seed=1,2"]);
    expect(composer.composeJob(bare, bare.jobs[0]!).resolved()).not.toHaveProperty("note");
    const valued = composer.expand(["seed=1,2", "cluster=a"]);
    const job = { number: 0, overrides: ["~note=null"] };
    expect(configError(() => composer.composeJob(valued, job)).label).toBe("delete_failed");
  });

  test("hydra's own configuration cannot be swept over", () => {
    expect(configError(() => composerFor(files).expand(["hydra.job.name=a,b"])).label).toBe("sweep_over_hydra_config");
  });
});
