import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ConfigError, type SweepError } from "../../../src/errors.ts";
import { readProfile } from "../../../src/inputs/profile-file.ts";
import { ProfileIterationTimes } from "../../../src/sim/performance/profile/profile-times.ts";
import { thrownBy } from "../inputs.ts";

const TEXT = readFileSync(new URL("../../../data/profiles/synthetic.json", import.meta.url), "utf8");

function changed(change: (profile: Record<string, never>) => void): string {
  const profile = JSON.parse(TEXT);
  change(profile);
  return JSON.stringify(profile);
}

function pass(prefills: number, promptTokens: number, decodes: number) {
  return { prefills, promptTokens, squaredPromptTokens: 0, promptContextProducts: 0, decodes, contextTokens: 0 };
}

describe("a profile's file", () => {
  test("that lacks keys is refused with all of them", () => {
    const text = changed((profile) => {
      delete profile.block_size;
      delete (profile.cuda_profile as Record<string, unknown>).max_num_seqs;
    });
    const error = thrownBy(() => readProfile(text, "p.json")) as SweepError;
    expect([error, ...error.others].map(({ message }) => message)).toEqual([
      "The profile's key block_size: expected a whole number of at least 0, found nothing.",
      "The profile's key cuda_profile.max_num_seqs: expected a whole number of at least 0, found nothing.",
    ]);
  });

  test.each(["(0, x)", "(1, 51", "(0, process.exit())", "__proto__", "(9, 1)"])(
    "with the interval %s is refused",
    (key) => {
      const text = TEXT.replace('"(0, 1)"', JSON.stringify(key));
      expect(() => readProfile(text, "p.json")).toThrow(key === "(9, 1)" ? /ends before/ : /such as '\(0, 51\)'/);
    },
  );

  test("whose curves were measured on different engines is refused with both values", () => {
    const text = changed((profile) => {
      (profile.cuda_profile as Record<string, unknown>).num_gpu_blocks = 7;
    });
    const error = thrownBy(() => readProfile(text, "p.json"));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toContain("cuda_profile.num_gpu_blocks: found 7, and the profile has 4096");
  });
});

describe("times of a profile", () => {
  const times = new ProfileIterationTimes(readProfile(TEXT, "p.json"), 0);

  test("are those of passes with prefill as soon as there is one, and of decodes otherwise", () => {
    expect(times.stretchSeconds(pass(1, 100, 5), 1)).toBeCloseTo(0.01 + 105 * 1e-4, 12);
    expect(times.stretchSeconds(pass(0, 0, 5), 10)).toBeCloseTo(10 * (0.008 + 5 * 1e-5), 12);
  });

  test("are constant up to the first measured point", () => {
    expect(times.stretchSeconds(pass(0, 0, 1), 1)).toBe(0.00801);
  });

  test("grow by the overhead of a pass (0.2 ms over 201 passes: 40.2 ms)", () => {
    const slower = new ProfileIterationTimes(readProfile(TEXT, "p.json"), 2e-4);
    const batch = pass(0, 0, 1);
    expect(slower.stretchSeconds(batch, 201) - times.stretchSeconds(batch, 201)).toBeCloseTo(0.0402, 12);
  });

  test("say how many passes have ended", () => {
    const batch = pass(0, 0, 20);
    expect(times.iterationsWithin(batch, times.stretchSeconds(batch, 7) * 1.01)).toBe(7);
  });

  test("come from the first interval of the file that holds the tokens", () => {
    const overlapping = changed((profile) => {
      const line = (intercept: number) => ({ slope: 0, intercept });
      (profile.cuda_profile as Record<string, unknown>).intervals = { "(5, 9)": line(2), "(0, 5)": line(1) };
    });
    const first = new ProfileIterationTimes(readProfile(overlapping, "p.json"), 0);
    expect([4, 5, 9].map((decodes) => first.stretchSeconds(pass(0, 0, decodes), 1))).toEqual([1, 2, 2]);
  });

  test("end with E_PROFILE_RANGE beyond the measured passes", () => {
    expect(() => times.stretchSeconds(pass(0, 0, 257), 1)).toThrow(/E_PROFILE_RANGE.*cuda_profile.*257.*256/);
    expect(() => times.stretchSeconds(pass(1, 3000, 0), 1)).toThrow(/E_PROFILE_RANGE.*no_cuda_profile.*3000.*2048/);
  });
});
