import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { latencyQuantiles } from "../../src/analysis/latency-quantiles.ts";
import { readMarker, type ShardMarker } from "../../src/results/shard-marker.ts";
import { filesBelow, start, sweep, temporaryWorkingDirectory } from "./command.ts";

const cwd = temporaryWorkingDirectory();
const NODES_AND_REQUESTS = "results.outputs=[detailed,request_nodes,samples]";

beforeAll(async () => {
  const common = ["-m", "seed=0,1", "trace.requests=100", NODES_AND_REQUESTS];
  const outcomes = [
    await sweep(cwd, ...common, "trace.rate=2,4.5", "+labels.group=a", "hydra.sweep.dir=one"),
    await sweep(cwd, ...common, "scheduler=jsq,token_jsq", "hydra.sweep.dir=two", "results.format=parquet"),
    await sweep(
      cwd,
      ...common,
      "results.sample_interval=10",
      "hydra.sweep.dir='we[i]rd'",
      "hydra.sweep.subdir='s=*,[1]_${seed}'",
    ),
    await sweep(
      cwd,
      "-m",
      "seed=range(0,5)",
      "trace.requests=10",
      "results.outputs=[]",
      "results.packing=2",
      "hydra.sweep.dir=packed",
    ),
  ];
  for (const { status, stderr } of outcomes) expect(status, stderr).toBe(0);
});
afterAll(() => rmSync(cwd, { recursive: true }));

async function rowsOf(sql: string, ...words: string[]): Promise<Record<string, unknown>[]> {
  const { status, stdout, stderr } = await sweep(cwd, "query", sql, ...words, "--json");
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

function csv(path: string): Record<string, string>[] {
  return parse(readFileSync(join(cwd, path), "utf8"), { columns: true });
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe("runs", () => {
  test("has the rows of runs.csv, with keys, labels and metrics in columns of their types", async () => {
    const rows = await rowsOf("SELECT * FROM runs", "one");
    const expected = csv("one/runs.csv");
    expect(rows.map((row) => [row.run, row.run_id, row.seed, row["trace.rate"], row.group, row.status])).toEqual(
      expected.map((row) => [
        Number(row.number),
        row.run_id,
        Number(row.seed),
        Number(row["trace.rate"]),
        row.group,
        row.status,
      ]),
    );
    expect(rows.map((row) => row.ttft_p99)).toEqual(expected.map((row) => Number(row.ttft_p99)));
    const types = await rowsOf("SELECT column_name AS n, column_type AS t FROM (DESCRIBE runs)", "one");
    expect(Object.fromEntries(types.map(({ n, t }) => [n, t]))).toMatchObject({
      run: "INTEGER",
      seed: "BIGINT",
      "trace.rate": "DOUBLE",
      group: "VARCHAR",
      ttft_p99: "DOUBLE",
    });
  });

  test("has the runs of all named sweeps, and of sweeps that pack their rows", async () => {
    const counts = await rowsOf(
      "SELECT sweep, count(*) AS n, sum(completed) AS done FROM runs GROUP BY ALL ORDER BY ALL",
      "one",
      "packed/",
    );
    expect(counts).toEqual([
      { sweep: "one", n: 4, done: 400 },
      { sweep: "packed", n: 5, done: 50 },
    ]);
  });
});

describe("requests", () => {
  test("has every run's table, equal to what its files hold, from CSV and from Parquet", async () => {
    const sql = `SELECT sweep, run, count(*) AS n, avg(ttft_times) AS ttft, quantile_cont(response_times, 0.99) AS e2e
      FROM requests GROUP BY ALL ORDER BY ALL`;
    const rows = await rowsOf(sql, "one", "two");
    expect(rows.map(({ sweep: name, run, n }) => [name, run, n])).toEqual(
      ["one", "two"].flatMap((name) => [0, 1, 2, 3].map((run) => [name, run, 100])),
    );
    for (const { sweep: name, run, ttft, e2e } of rows) {
      const directory = join(cwd, `${name}/${run}`);
      const quantiles = await latencyQuantiles(directory, readMarker(directory) as ShardMarker);
      expect(e2e).toBeCloseTo(quantiles?.response_times[99] as number, 12);
      const metric = JSON.parse(readFileSync(join(directory, "shard.json"), "utf8")).metrics.ttft_mean;
      expect(ttft).toBeCloseTo(metric, 12);
    }
    const own = csv("one/2/detailed/0.csv").map((row) => Number(row.ttft_times));
    expect(rows[2].ttft).toBeCloseTo(mean(own), 12);
  });

  test("joins runs on sweep and run", async () => {
    const sql =
      "SELECT seed, max(abs(r.e2e_mean - m)) < 1e-9 AS ok FROM runs r JOIN (SELECT sweep, run, avg(response_times) AS m FROM requests GROUP BY ALL) USING (sweep, run) GROUP BY ALL ORDER BY ALL";
    expect(await rowsOf(sql, "one")).toEqual([
      { seed: 0, ok: true },
      { seed: 1, ok: true },
    ]);
  });

  test("is there for the folder of a single run, too", async () => {
    expect(await rowsOf("SELECT run, count(*) AS n FROM requests GROUP BY ALL", "two/3")).toEqual([{ run: 0, n: 100 }]);
    expect(await rowsOf("SELECT run, completed FROM runs", "two/3")).toEqual([{ run: 0, completed: 100 }]);
  });

  test("is empty, and the command says so, where no run keeps its table", async () => {
    const { status, stdout, stderr } = await sweep(
      cwd,
      "query",
      "SELECT count(ttft_times) AS n FROM requests",
      "packed",
      "--csv",
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: "n\n0\n" });
    expect(stderr).toMatch(/requests is empty: no run keeps its table/);
  });
});

test("nodes and samples have the rows of the runs' files, also in folders whose names are patterns", async () => {
  const nodes = csv("we[i]rd/s=*,[1]_1/request_nodes.csv");
  const ends = await rowsOf(
    "SELECT node_type, count(*) AS n, max(completion_timestamp) AS last FROM nodes WHERE run = 1 GROUP BY ALL ORDER BY ALL",
    "we[i]rd",
  );
  expect(ends).toEqual(
    ["PROMPT", "TOKEN"].map((type) => {
      const own = nodes.filter((row) => row.node_type === type).map((row) => Number(row.completion_timestamp));
      return { node_type: type, n: own.length, last: Math.max(...own) };
    }),
  );
  const samples = csv("we[i]rd/s=*,[1]_0/samples.csv");
  expect(
    await rowsOf("SELECT count(*) AS n, max(seconds) AS s, sum(running) AS r FROM samples WHERE run = 0", "we[i]rd"),
  ).toEqual([
    {
      n: samples.length,
      s: Math.max(...samples.map((row) => Number(row.seconds))),
      r: samples.reduce((sum, row) => sum + Number(row.running), 0),
    },
  ]);
});

describe("the result", () => {
  test("is an aligned table, CSV or JSON, with the same rows", async () => {
    const sql =
      "SELECT run, scheduler, 1.5 AS half, [1, 2] AS list, 'a,\"b' AS t, NULL AS none FROM runs WHERE run < 2 ORDER BY run";
    const table = await sweep(cwd, "query", sql, "two");
    expect(table.stdout.split("\n")[0]).toMatch(/^run scheduler +half list +t +none$/);
    expect(table.stdout.split("\n")[1]).toMatch(/^ {2}0 jsq +1\.5 \[1,2\] a,"b +-$/);
    const text = await sweep(cwd, "query", sql, "two", "--csv");
    expect(text.stdout).toBe(
      'run,scheduler,half,list,t,none\n0,jsq,1.5,"[1,2]","a,""b",\n1,token_jsq,1.5,"[1,2]","a,""b",\n',
    );
    expect((await rowsOf(sql, "two"))[0]).toEqual({
      run: 0,
      scheduler: "jsq",
      half: 1.5,
      list: [1, 2],
      t: 'a,"b',
      none: null,
    });
  });

  test("is written to a file of the named format, which is not overwritten unasked", async () => {
    const sql = "SELECT sweep, run, ttft_times FROM requests ORDER BY ALL;";
    const expected = await rowsOf(sql, "one");
    for (const format of ["parquet", "csv", "json"]) {
      const words = ["query", sql, "one", "--output", `out.${format}`];
      expect(await sweep(cwd, ...words)).toEqual({ status: 0, stdout: `out.${format}\n`, stderr: "" });
      expect(await sweep(cwd, ...words)).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/--force overwrites/),
      });
      expect((await sweep(cwd, ...words, "--force")).status).toBe(0);
    }
    const bytes = readFileSync(join(cwd, "out.parquet"));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    expect(await parquetReadObjects({ file })).toEqual(expected);
    expect(JSON.parse(readFileSync(join(cwd, "out.json"), "utf8"))).toEqual(expected);
    expect(csv("out.csv").map((row) => Number(row.ttft_times))).toEqual(expected.map((row) => row.ttft_times));
    expect([...filesBelow(cwd).keys()].filter((name) => name.includes("tmp"))).toEqual([]);
  });

  test("shows 1,000 rows in a table, and says where the others are", async () => {
    const { stdout, stderr } = await sweep(cwd, "query", "FROM range(1500)", "packed");
    expect(stdout.trimEnd().split("\n")).toHaveLength(1001);
    expect(stderr).toMatch(/the first 1000 rows; --csv/);
    expect((await rowsOf("FROM range(1500)", "packed")).length).toBe(1500);
  });

  test("shows no character that steers a terminal", async () => {
    const { stdout } = await sweep(cwd, "query", "SELECT chr(27) || '[31m' AS c", "packed");
    expect(stdout).toBe("c\n\u{fffd}[31m\n");
  });
});

describe("a query", () => {
  test.each([
    ["SELECT\n  é, nope FROM runs", /SQL:2:3: .*"é" not found/],
    ["SELECT 'é',\n nope FROM runs", /SQL:2:2: .*"nope" not found[\s\S]*\n {3}nope FROM runs\n {3}\^/],
    ["SELEC 1", /SQL:1:1: syntax error at or near "SELEC"/],
    ["SELECT CAST(scheduler AS INT) FROM runs", /SQL:1:8: Could not convert string 'jsq'/],
    ["FROM request", /SQL:1:6: Table with name request does not exist!\nDid you mean "requests/],
    ["", /found no statement, expected one SELECT/],
    ["/* nothing */", /found no statement, expected one SELECT/],
    ["SELECT 1; SELECT 2", /found 2 statements, expected one SELECT/],
    ["SELECT ?", /found parameters without values/],
  ])("with a mistake ends with its place: %s", async (sql, message) => {
    expect(await sweep(cwd, "query", sql, "two")).toMatchObject({
      status: 2,
      stdout: "",
      stderr: expect.stringMatching(message),
    });
  });

  test.each([
    "COPY (SELECT 1) TO 'stolen.csv'",
    "COPY (SELECT 1) TO 'one/0/detailed/0.csv' (USE_TMP_FILE false)",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO 'one/0/detailed/0.csv' (USE_TMP_FILE false)",
    "ATTACH 'stolen.db'",
    "SELECT * FROM read_csv('secret.csv')",
    "SELECT * FROM read_text('secret.csv')",
    "SELECT * FROM 'secret.csv'",
    "SELECT * FROM glob('*')",
    "SET enable_external_access = true",
    "INSTALL httpfs",
    "CREATE TABLE t AS SELECT 1",
    "DELETE FROM runs",
    "SELECT 1) TO 'stolen.csv' --",
  ])("sees and writes no file: %s", async (sql) => {
    writeFileSync(join(cwd, "secret.csv"), "a\nsecret\n");
    const before = filesBelow(cwd);
    for (const words of [[], ["--output", "x.parquet"]]) {
      const { status, stdout, stderr } = await sweep(cwd, "query", sql, "one", ...words);
      expect(status, stderr).toBe(2);
      expect(stdout).toBe("");
      expect(stderr).toMatch(/^sweep: SQL/);
    }
    expect(filesBelow(cwd)).toEqual(before);
  });

  test("names the run whose table is damaged, and leaves its rows out", async () => {
    const own = temporaryWorkingDirectory();
    await sweep(own, "-m", "seed=0,1", "trace.requests=20", "hydra.sweep.dir=s");
    writeFileSync(join(own, "s/1/detailed/0.csv"), "request_ids\n");
    const words = ["query", "SELECT DISTINCT run FROM requests", "s", "--csv"];
    const { status, stdout, stderr } = await sweep(own, ...words);
    expect({ status, stdout }).toEqual({ status: 0, stdout: "run\n0\n" });
    expect(stderr).toMatch(/s: run 1: detailed\/0\.csv has 12 bytes, expected \d+: its rows are left out/);
    rmSync(own, { recursive: true });
  });

  test.each([
    [["query"], /needs SQL and the folder/],
    [["query", "SELECT 1"], /needs SQL and the folder/],
    [["query", "SELECT 1", "nowhere"], /'nowhere' holds neither a sweep nor a run/],
    [["query", "SELECT 1", "one", "one/"], /'one\/' is named twice/],
    [["query", "SELECT 1", "one", "--csv", "--json"], /exclude each other/],
    [["query", "SELECT 1", "one", "--output", "x.xlsx"], /expected FILE\.parquet, FILE\.csv, FILE\.json/],
    [["query", "SELECT 1", "one", "--output", "no/x.csv"], /There is no folder/],
    [["query", "SELECT 1", "one", "--memory", "1"], /--memory: found '1'/],
    [["query", "FROM range(10000000) t(a) ORDER BY hash(a)", "one", "--memory", "0x1"], /--memory: found '0x1'/],
  ])("that is not complete is refused: %j", async (words, message) => {
    expect(await sweep(cwd, ...words)).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
  });

  test("that is interrupted leaves nothing behind", async () => {
    const own = temporaryWorkingDirectory();
    const endless = "SELECT sum(hash(a.range)) FROM range(1000000000000) a";
    const running = start(cwd, ["query", endless, "one", "--output", "endless.csv"], { TMPDIR: own });
    await expect.poll(() => readdirSync(own), { timeout: 30_000 }).toHaveLength(1);
    running.kill("SIGTERM");
    expect(await running.outcome).toEqual({ status: 130, stdout: "", stderr: "" });
    expect(readdirSync(own)).toEqual([]);
    expect(filesBelow(cwd).has("endless.csv")).toBe(false);
    rmSync(own, { recursive: true });
  });

  test("without DuckDB ends with a word on how to get it", async () => {
    const hooks = `export const resolve = (name, context, next) => {
      if (name.startsWith("@duckdb/")) throw Object.assign(new Error("none"), { code: "ERR_MODULE_NOT_FOUND" });
      return next(name, context);
    };`;
    const url = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
    const register = `import { register } from "node:module"; register(${JSON.stringify(url(hooks))});`;
    writeFileSync(join(cwd, "hide.mjs"), register);
    const { status, stderr } = await start(cwd, ["query", "SELECT 1", "one"], {
      NODE_OPTIONS: `--import=${join(cwd, "hide.mjs")}`,
    }).outcome;
    expect(status).toBe(2);
    expect(stderr).toMatch(/optional package @duckdb\/node-api[\s\S]*npm install @duckdb\/node-api/);
  });
});

describe("results.format=parquet", () => {
  test("gives the same bytes on 1 and 2 workers", async () => {
    const words = ["-m", "seed=range(0,6)", "trace.requests=60", "results.format=parquet"];
    await sweep(cwd, ...words, "hydra.sweep.dir=w1", "--workers=1");
    await sweep(cwd, ...words, "hydra.sweep.dir=w2", "--workers=2");
    const tables = (name: string) =>
      [...filesBelow(join(cwd, name))].filter(([file]) => /detailed.*parquet|shard/.test(file));
    expect(tables("w1")).toHaveLength(12);
    expect(tables("w2").filter(([file]) => file.endsWith("parquet"))).toEqual(
      tables("w1").filter(([file]) => file.endsWith("parquet")),
    );
  });

  test("is read by reports and by comparisons as CSV is", async () => {
    const own = ["-m", "seed=0", "trace.requests=60"];
    await sweep(cwd, ...own, "hydra.sweep.dir=r1");
    await sweep(cwd, ...own, "hydra.sweep.dir=r2", "results.format=parquet");
    const [a, b] = await Promise.all(
      ["r1/0", "r2/0"].map((name) => {
        const directory = join(cwd, name);
        return latencyQuantiles(directory, readMarker(directory) as ShardMarker);
      }),
    );
    expect(b).toEqual(a);
    expect(a?.ttft_times).toHaveLength(103);
    const lines = csv("r1/0/detailed/0.csv").map((row) =>
      [row.request_ids, row.prompt_sizes, row.token_sizes, 0, row.ttft_times, row.response_times].join(","),
    );
    const engine = ["request,in,out,arrival,first_token,finished", ...lines].map((line) => `${line}\n`);
    writeFileSync(join(cwd, "engine.csv"), engine.join(""));
    const [x, y] = await Promise.all(
      ["r1/0", "r2/0"].map((run) => sweep(cwd, "verify", "metrics", "--engine", "engine.csv", "--sim", run)),
    );
    expect(y).toEqual(x);
    expect(x.status, x.stderr).toBe(0);
  });
});
