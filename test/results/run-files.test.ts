import { describe, expect, it, test } from "vitest";
import type { FileContent } from "../../src/results/file-content.ts";
import { requestTables } from "../../src/results/request-table.ts";
import { chosenOutputs, OUTPUT_NAMES, runFiles } from "../../src/results/run-files.ts";
import type { InstanceLogRow } from "../../src/sim/recorder.ts";
import { csvValues, localGolden } from "./golden.ts";
import { runRecord } from "./run-record.ts";

function textOf(content: FileContent | undefined): string {
  if (content === undefined) throw new Error("no such file");
  return typeof content === "string" ? content : [...(content as Iterable<string>)].join("");
}

const GOLDEN = "test-splitwise-ha-mixed_pool";

/** The recorded run of three requests with KV-cache transfer, rebuilt from its nodes and its instances' logs. */
function recordOfGolden() {
  const nodes = csvValues(localGolden(GOLDEN, "request_nodes.csv")).slice(1);
  const time = (id: number, node: number) => {
    const row = nodes.find((cells) => cells[0] === id && cells[2] === node)!;
    return [Number(row[5]), Number(row[6])] as const;
  };
  // test_trace.csv: requests arrive at 1, 3 and 4 s, with 4096, 2048 and 2048 prompt and 32, 8 and 16 output tokens.
  const requests = [
    { arrival: 1, promptTokens: 4096, outputTokens: 32 },
    { arrival: 3, promptTokens: 2048, outputTokens: 8 },
    { arrival: 4, promptTokens: 2048, outputTokens: 16 },
  ].map((request, id) => ({
    ...request,
    prefill: time(id, 0),
    decode: time(id, 1),
    transfer: time(id, 2),
    completion: time(id, 1)[1],
    prefillInstance: 1,
    decodeInstance: 0,
  }));
  const instances = ["a100-80gb", "h100-80gb"].map((processorName, id) => {
    const rows = csvValues(localGolden(GOLDEN, `instances/0/${id}.csv`)).slice(1);
    const logRows = rows.map((cells): InstanceLogRow => {
      const [
        ,
        ,
        start,
        end,
        batch,
        prefills,
        memory,
        requests,
        tasks,
        blocked,
        prompts,
        earliest,
        allocations,
        contiguous,
        tokens,
        pending,
      ] = cells.map(Number);
      return {
        iterationStartSeconds: start,
        iterationEndSeconds: end,
        batchSize: batch,
        prefillsInBatch: prefills,
        memoryBytes: memory,
        pendingRequests: requests,
        pendingTasks: tasks,
        blockedTasks: blocked,
        pendingPrefills: prompts,
        earliestRequestId: earliest,
        memoryAllocations: allocations,
        contiguousIterations: contiguous,
        batchTokens: tokens,
        pendingTokens: pending,
      };
    });
    const busySeconds = logRows.reduce((sum, row) => sum + (row.iterationEndSeconds - row.iterationStartSeconds), 0);
    return {
      id,
      applicationId: 0,
      processorName,
      processors: 1,
      tag: id === 0 ? "token" : "prompt",
      memoryBytes: 0,
      busySeconds,
      logRows,
    };
  });
  return runRecord({
    requests,
    instances,
    instanceLogs: instances.map(({ id, logRows }) => ({ instance: id, rows: logRows })),
    endSeconds: Number(csvValues(localGolden(GOLDEN, "simulator.csv"))[1][0]),
    tbtDivisor: "tokens",
  });
}

test("samples.csv has a row per time and instance, memory also as a share", () => {
  const instance = {
    applicationId: 0,
    processorName: "gpu",
    processors: 2,
    tag: null,
    memoryBytes: 80,
    busySeconds: 0,
  };
  const instances = [
    { ...instance, id: 0 },
    { ...instance, id: 1, tag: "token" },
  ];
  const samples = {
    intervalSeconds: 0.5,
    times: 2,
    rows: 4,
    running: Int32Array.of(1, 2, 3, 0),
    waiting: Int32Array.of(5, 6, 7, 8),
    requests: Int32Array.of(9, 10, 11, 12),
    batchTokens: Int32Array.of(13, -1, 3, -1),
    memoryBytes: Float64Array.of(20, 40, 60, 80),
  };
  // Watts of an H100 in SplitwiseSim's power model; two of them.
  const power = {
    _target_: "power_models.Constant" as const,
    idle_power: { gpu: 75 },
    prompt_power: { gpu: 700 },
    token_power: { gpu: 380 },
  };
  const record = { ...runRecord({ requests: [], instances }), samples };
  expect(
    textOf(runFiles(record, requestTables(record), new Set(["samples"]), undefined, power).get("samples.csv")),
  ).toBe(
    "seconds,application_id,instance,tag,running,waiting,requests,batch_tokens,memory_bytes,memory_share,power_watts\n" +
      "0,0,0,,1,5,9,13,20,0.25,1400\n0,0,1,token,2,6,10,,40,0.5,\n0.5,0,0,,3,7,11,3,60,0.75,760\n0.5,0,1,token,0,8,12,,80,1,150\n",
  );
  expect(runFiles(runRecord({ requests: [] }), []).has("samples.csv")).toBe(false);
});

describe("the files of a run", () => {
  const record = recordOfGolden();
  const files = runFiles(record, requestTables(record));

  it.each([
    "detailed/0.csv",
    "summary.csv",
    "request_nodes.csv",
    "simulator.csv",
    "instances/0/0.csv",
    "instances/0/1.csv",
  ])("hold the values that SplitwiseSim recorded (%s)", (name) => {
    const [header, ...rows] = csvValues(textOf(files.get(name)));
    const [recordedHeader, ...recorded] = csvValues(localGolden(GOLDEN, name));
    expect(header).toEqual(recordedHeader);
    expect(rows.length).toBe(recorded.length);
    rows.forEach((row, i) => {
      row.forEach((value, j) => {
        const expected = recorded[i][j];
        if (String(header[j]).endsWith("_geomean")) expect(value).toBeCloseTo(Number(expected), 12);
        else expect(value, `${name} row ${i}, ${header[j]}`).toBe(expected);
      });
    });
  });

  it("give the utilisations that SplitwiseSim recorded", () => {
    // The busy time is rebuilt from the log here, which rounds otherwise than the simulator's own sum.
    const [, ...rows] = csvValues(textOf(files.get("detailed/0_alloc.csv")));
    const [, ...recorded] = csvValues(localGolden(GOLDEN, "detailed/0_alloc.csv"));
    expect(rows.map(([name]) => name)).toEqual(recorded.map(([name]) => name));
    rows.forEach((row, i) => {
      expect(row[1]).toBeCloseTo(Number(recorded[i][1]), 14);
    });
  });

  it("are those that were asked for", () => {
    const names = (...outputs: (typeof OUTPUT_NAMES)[number][]) => [
      ...runFiles(record, requestTables(record), new Set(outputs)).keys(),
    ];
    expect(names()).toEqual([]);
    expect(names("summary", "utilisation")).toEqual(["summary.csv", "detailed/0_alloc.csv"]);
    expect(names("logs").sort()).toEqual(["schedulers/0.csv", "server.csv", "simulator.csv"]);
    expect(names(...OUTPUT_NAMES).sort()).toEqual([...files.keys()].sort());
  });

  it("are all of them by default, and none in sweeps of 1,000 runs or more", () => {
    expect([...chosenOutputs(["auto"])]).toEqual(OUTPUT_NAMES);
    expect([...chosenOutputs(["auto"], 999)]).toEqual(OUTPUT_NAMES);
    expect([...chosenOutputs(["auto"], 1000)]).toEqual([]);
    expect([...chosenOutputs(["summary", "auto"], 1000)]).toEqual(["summary"]);
    expect([...chosenOutputs([], 1)]).toEqual([]);
  });

  it("hold a table per application, and all applications in summary.csv and request_nodes.csv", () => {
    const two = runRecord({
      requests: [
        { applicationId: 7, arrival: 0, prefill: [0, 1], decode: [1, 3], completion: 3 },
        { applicationId: 2, arrival: 0, prefill: [0, 1], decode: [1, 2], completion: 2 },
      ],
    });
    const twoFiles = runFiles(two, requestTables(two));
    expect(csvValues(textOf(twoFiles.get("summary.csv"))).map(([id]) => id)).toEqual(["application_id", 0, 2, 7]);
    expect(csvValues(textOf(twoFiles.get("detailed/7.csv")))[1][0]).toBe(0);
    expect(csvValues(textOf(twoFiles.get("detailed/2.csv")))[1][0]).toBe(1);
    expect(csvValues(textOf(twoFiles.get("request_nodes.csv"))).map((row) => row[0])).toEqual([
      "request_id",
      1,
      1,
      0,
      0,
    ]);
  });

  it("have empty cells where no request was completed", () => {
    const none = runRecord({ requests: [{ arrival: 0 }], endSeconds: 0 });
    const noneFiles = runFiles(none, requestTables(none));
    expect(textOf(noneFiles.get("summary.csv")).split("\n")[1]).toBe(`0${",".repeat(88)}`);
    expect(csvValues(textOf(noneFiles.get("detailed/0.csv"))).length).toBe(1);
    expect(textOf(noneFiles.get("detailed/0_alloc.csv"))).toBe("instance_names,utilizations\nh100-80gb,0\n");
  });

  it("give a request of one output token no time between tokens, and no decode node", () => {
    const one = runRecord({ requests: [{ arrival: 1, prefill: [1, 3], completion: 3, outputTokens: 1 }] });
    const oneFiles = runFiles(one, requestTables(one));
    expect(textOf(oneFiles.get("detailed/0.csv")).split("\n")[1]).toBe("0,2,0,2,0,0,100,1");
    expect(textOf(oneFiles.get("request_nodes.csv")).split("\n").slice(1)).toEqual([
      "0,2,0,PROMPT,h100-80gb_0,1,3",
      "",
    ]);
  });

  it("average TBT over the gaps between tokens, or over all tokens as SplitwiseSim does", () => {
    const request = { arrival: 0, prefill: [0, 1], decode: [1, 5], completion: 5, outputTokens: 5 } as const;
    const tbt = (tbtDivisor: "gaps" | "tokens") =>
      requestTables(runRecord({ requests: [request], tbtDivisor }))[0].column("tbt_times")[0];
    expect(tbt("gaps")).toBe(1);
    expect(tbt("tokens")).toBe(0.8);
  });

  it("come in pieces, however many requests there are", () => {
    const many = runRecord({
      requests: Array.from({ length: 5000 }, (_, i) => ({
        arrival: i,
        prefill: [i, i + 0.1] as const,
        completion: i + 1 / 3,
      })),
    });
    const pieces = [...(runFiles(many, requestTables(many)).get("detailed/0.csv") as Iterable<string>)];
    expect(pieces.length).toBeGreaterThan(2);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(70_000);
    expect(csvValues(pieces.join("")).length).toBe(5001);
  });
});
