import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { type Event, endOf, expectValid, flows, sliceAt, slicesByThread } from "../results/timeline/events.ts";
import { sweep, workingDirectory } from "./command.ts";

const POOLS = [
  "cluster=half_half",
  "start_state=splitwise",
  "scheduler=mixed_pool",
  "trace.requests=120",
  "trace.rate=2",
];

/** A working directory with a finished run in `out`. */
async function finished(...overrides: string[]): Promise<string> {
  const cwd = workingDirectory();
  const { status, stderr } = await sweep(cwd, "output_dir=out", ...overrides);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return cwd;
}

function csvRows(file: string): Record<string, string>[] {
  return parse(readFileSync(file, "utf8"), { columns: true });
}

test("the timeline of a run agrees with its tables: utilisation, and the TTFT of every request", async () => {
  const cwd = await finished(...POOLS);
  const { status, stdout, stderr } = await sweep(cwd, "timeline", "out");
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "out/timeline.json.gz\n", stderr: "" });
  const { traceEvents, otherData } = JSON.parse(gunzipSync(readFileSync(join(cwd, "out/timeline.json.gz"))).toString());
  const events: Event[] = traceEvents;
  expectValid(events);
  const work = slicesByThread(events.filter(({ cat }) => cat === "iterations"));
  const busy = [...work.values()].map((slices) => slices.reduce((sum, { dur = 0 }) => sum + dur / 1e6, 0));
  const shares = csvRows(join(cwd, "out/detailed/0_alloc.csv")).map(({ utilizations }) => Number(utilizations));
  const { simulated_seconds: seconds } = JSON.parse(readFileSync(join(cwd, "out/shard.json"), "utf8")).metrics;
  expect(busy.map((each) => each / seconds).sort()).toEqual(shares.sort().map((share) => expect.closeTo(share, 8)));
  expect(otherData).toMatchObject({ simulated_seconds: seconds, requests: 120 });

  const threads = slicesByThread(events);
  const arrows = new Map([...flows(events).values()].map((flow) => [String(flow[0].args?.request), flow]));
  for (const { request_ids: id, ttft_times: ttft, token_sizes: tokens } of csvRows(join(cwd, "out/detailed/0.csv"))) {
    const flow = arrows.get(id) ?? [];
    if (tokens === "1") continue;
    const prefill = sliceAt(threads, flow[0]) as Event;
    expect(endOf(prefill) / 1e9 - Number(flow[0].args?.arrival_s)).toBeCloseTo(Number(ttft), 8);
  }
});

test("a timeline may be a figure, a part of a run, and bounded", async () => {
  const cwd = await finished(...POOLS);
  const drawn = await sweep(cwd, "timeline", "out", "--gantt", "g.svg", "--from", "1", "--until", "3");
  expect({ ...drawn }).toEqual({ status: 0, stdout: "g.svg\n", stderr: "" });
  const svg = readFileSync(join(cwd, "g.svg"), "utf8");
  expect(svg).toMatch(/^<svg [\s\S]*a100-80gb_0 \(prompt\)[\s\S]*<\/svg>\n$/);
  expect(svg).not.toContain("NaN");
  const cut = await sweep(cwd, "timeline", "out", "--gantt", "g.svg", "--limit", "9");
  expect(cut.stderr).toMatch(/^sweep: the figure lacks the last \d+ slices, which are beyond --limit\n$/);
  const bounded = await sweep(cwd, "timeline", "out", "--output", "t.json", "--limit", "100");
  expect(bounded.status).toBe(0);
  expect(bounded.stderr).toMatch(
    /^sweep: the timeline ends at simulated second [\d.]+, where --limit is reached; left out: \d+ slices/,
  );
  const { traceEvents, otherData } = JSON.parse(readFileSync(join(cwd, "t.json"), "utf8"));
  expectValid(traceEvents);
  expect(otherData.left_out.slices).toBeGreaterThan(0);
});

test("runs of a sweep have timelines too, and those that keep no files", async () => {
  const cwd = workingDirectory();
  for (const [dir, outputs] of [
    ["kept", "[auto]"],
    ["rows", "[]"],
  ]) {
    const swept = ["-m", "trace.rate=2,3", "trace.requests=40", `results.outputs=${outputs}`, `hydra.sweep.dir=${dir}`];
    expect((await sweep(cwd, "--quiet", ...swept)).status).toBe(0);
    const { status, stderr } = await sweep(cwd, "timeline", dir, "--run", "1", "--output", `${dir}.json`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  }
  expect((await sweep(cwd, "timeline", "kept/1", "--output", "run.json")).status).toBe(0);
  const texts = ["kept.json", "rows.json", "run.json"].map((name) => readFileSync(join(cwd, name), "utf8"));
  expect(new Set(texts).size).toBe(1);
  const { status, stderr } = await sweep(cwd, "timeline", "kept");
  expect(status).toBe(2);
  expect(stderr).toContain("Choose one by --run, from 0 to 1.");
});

test("a run that is not what it was is refused", async () => {
  const cwd = workingDirectory();
  const trace =
    "arrival_timestamp,request_id,request_type,application_id,batch_size,prompt_size,token_size\n0,0,2,0,1,100,10\n";
  writeFileSync(join(cwd, "own.csv"), trace);
  expect((await sweep(cwd, "trace=test_trace", "trace.path=own.csv", "output_dir=out")).status).toBe(0);
  expect((await sweep(cwd, "timeline", "out")).status).toBe(0);
  appendFileSync(join(cwd, "own.csv"), "1,1,2,0,1,100,10\n");
  const changed = await sweep(cwd, "timeline", "out");
  expect(changed.status).toBe(2);
  expect(changed.stderr).toContain("its configuration and input files now give");
  writeFileSync(join(cwd, "own.csv"), trace);
  const marker = join(cwd, "out/shard.json");
  writeFileSync(marker, readFileSync(marker, "utf8").replace(/"e2e_mean": [\d.]+/, '"e2e_mean": 1'));
  const other = await sweep(cwd, "timeline", "out");
  expect(other.status).toBe(2);
  expect(other.stderr).toMatch(/other metrics than recorded:\s+e2e_mean: recorded 1, now 0\.\d+/);
});

test("what is no run, or cannot be shown, is said in a sentence", async () => {
  const cwd = await finished("trace.requests=5");
  const said = async (...words: string[]) => {
    const { status, stderr } = await sweep(cwd, "timeline", ...words);
    expect(status).toBe(2);
    expect(stderr).not.toContain("    at ");
    return stderr;
  };
  expect(await said()).toContain("No run is named.");
  expect(await said("nowhere")).toContain("'nowhere' holds no finished run.");
  expect(await said("out", "--limit", "0")).toContain("--limit: found '0'");
  expect(await said("out", "--from", "3", "--until", "2")).toContain("--until is not later than --from.");
  expect(await said("out", "--from", "1e6")).toContain("the run ends at simulated second");
  expect(await said("out", "--gantt", "g.pdf")).toContain("expected a name that ends in .svg or .png");
  rmSync(join(cwd, "out/.hydra"), { recursive: true });
  expect(await said("out")).toContain(".hydra/config.yaml is missing");
});
