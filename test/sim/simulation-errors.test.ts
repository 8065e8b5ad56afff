import { describe, expect, test } from "vitest";
import { ConfigError, SimulationError, TraceError } from "../../src/errors.ts";
import { checkInputs, type SimulationInputs, simulate } from "../../src/sim/simulation.ts";
import { inputsOf, run, type Setting, thrownBy } from "./inputs.ts";

const rows = [{ arrival: 1, prompt: 10, output: 5 }];

/** Mistakes in a configuration, and what the user is told. */
const CONFIG_ERRORS: readonly [name: string, setting: Setting, error: Partial<ConfigError>, message: RegExp][] = [
  [
    "weights larger than the instance",
    { weightBytes: 3e12 },
    { label: "model_too_large", path: "applications.0.model_size" },
    /tiny-int4 take 3000\.0+ GB, and an instance of 1 x gpu has 0\.0/,
  ],
  [
    "an unknown scheduler",
    { scheduler: "roundrobin" },
    { label: "unknown_name", path: "applications.0.scheduler" },
    /scheduler named 'roundrobin'/,
  ],
  [
    "an unknown model",
    { applications: [{ model_architecture: "gpt" }] },
    { label: "unknown_name", path: "applications.0.model_architecture" },
    /'gpt'/,
  ],
  [
    "an unknown model size",
    { applications: [{ model_size: "gpt" }] },
    { label: "unknown_name", path: "applications.0.model_size" },
    /'gpt'/,
  ],
  [
    "shared links between instances whose network is not known",
    { kvLinks: { _target_: "kv_links.MaxMin", latency: 0, bandwidth: null } },
    { label: "unknown_bandwidth", path: "kv_links.bandwidth" },
    /network bandwidth of gpu_0 is not known/,
  ],
  [
    "an unknown allocator",
    { applications: [{ allocator: "auto" }] },
    { label: "unknown_name", path: "applications.0.allocator" },
    /'auto'/,
  ],
  [
    "an unknown SKU",
    { servers: [{ sku: "dgx", count: 1 }] },
    { label: "unknown_name", path: "cluster.servers.0.sku" },
    /'dgx'/,
  ],
  [
    "two applications of one id",
    { applications: [{}, { application_id: 0 }] },
    { label: "duplicate_application", path: "applications.1" },
    /id 0/,
  ],
  [
    "an unknown start state",
    { startState: { state_type: "warm" } },
    { label: "unknown_start_state", path: "start_state.state_type" },
    /'warm'/,
  ],
  [
    "the constant performance model with an engine of iterations",
    { constant: { prompt_time: 1, token_time: 2 } },
    { label: "no_iteration_times", path: "performance_model" },
    /ORCA and Splitwise instances need times of iterations/,
  ],
  [
    "the database with an engine of whole tasks",
    { instance: { instance_type: "DEFAULT" } },
    { label: "no_task_times", path: "performance_model" },
    /DEFAULT instance needs times of whole tasks/,
  ],
];

describe.each(CONFIG_ERRORS)("%s", (_name, setting, details, message) => {
  test("is a ConfigError with path and cause, before the first event, with or without the trace", () => {
    const error = thrownBy(() => run({ ...setting, rows }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ ...details, message: expect.stringMatching(message) });
    const { trace: _trace, ...withoutTrace } = inputsOf(setting);
    expect(thrownBy(() => checkInputs(withoutTrace))).toMatchObject({ message: (error as ConfigError).message });
  });
});

test("a scheduler that is not known is answered with the nearest name, or with all of them", () => {
  expect((thrownBy(() => run({ scheduler: "roundrobin" })) as ConfigError).hint).toContain("'round_robin'");
  const error = thrownBy(() => run({ scheduler: "best" })) as ConfigError;
  for (const name of ["jsq", "random", "round_robin", "token_jsq"]) expect(error.hint).toContain(name);
});

test("a kind of instance without measured times is answered with the kinds that have some", () => {
  const inputs = inputsOf({ rows });
  const error = thrownBy(() =>
    simulate({ ...inputs, curves: inputs.curves.filter(({ tensorParallelism }) => tensorParallelism > 1) }),
  );
  expect(error).toBeInstanceOf(ConfigError);
  expect(error).toMatchObject({
    label: "unknown_instance_kind",
    message: expect.stringContaining("tiny on gpu with tensor parallelism 1"),
  });
  expect((error as ConfigError).hint).toContain("tensor parallelism 2");
});

describe.each(["router", "arbiter"] as const)("an unregistered %s", (component) => {
  test("is a ConfigError that names the target", () => {
    const inputs = inputsOf({ rows });
    const config = { ...inputs.config, [component]: { ...inputs.config[component], _target_: "os.system" } };
    const error = thrownBy(() => simulate({ ...inputs, config } as SimulationInputs));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ label: "unknown_target", message: expect.stringContaining("os.system") });
  });
});

describe("no instances", () => {
  test("fail at the first request, and say what starts some", () => {
    const error = thrownBy(() => run({ rows, startState: { state_type: "unallocated", instance: null } }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ label: "no_instances", path: "start_state" });
    expect((error as ConfigError).hint).toContain("start_state=baseline");
  });

  test("are what a request at time 0 finds in SplitwiseSim, as it arrives before any instance is started", () => {
    const atZero = [{ arrival: 0, prompt: 10, output: 5 }];
    expect(thrownBy(() => run({ rows: atZero, settings: "splitwise" }))).toMatchObject({ label: "no_instances" });
    expect(thrownBy(() => run({ rows, settings: "splitwise" }))).toBe(undefined);
  });

  test("are what schedulers that transfer KV caches find in a start state without pools", () => {
    const error = thrownBy(() => run({ rows, scheduler: "kv_jsq" }));
    expect(error).toMatchObject({ label: "no_instances", message: expect.stringContaining("prefill pool is empty") });
    expect((error as ConfigError).hint).toContain("start_state=splitwise");
  });
});

describe("a trace", () => {
  const trace = { source: "traces/mine.csv", lines: Int32Array.of(2, 3, 7) };
  const three = (last: object) => [...rows, ...rows, { ...rows[0], ...last }];

  test("with a request that no instance can ever hold is refused with its line, its size and the memory there is", () => {
    const setting: Setting = { trace, gpuBytes: 2e9, weightBytes: 5e8 };
    const error = thrownBy(() => run({ ...setting, rows: three({ prompt: 2e9, output: 5, id: 42 }) }));
    expect(error).toBeInstanceOf(TraceError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^Request 42 .* 2\.0+ GB, and that instance has 1\.50* GB/),
      position: { file: "traces/mine.csv", line: 7 },
    });
  });

  test("with a request that just fits is served, one byte less of memory refuses it", () => {
    const largest = { rows: [{ arrival: 1, prompt: 90, output: 10 }] };
    expect(run({ ...largest, gpuBytes: 100 }).unfinishedReasons).toEqual([]);
    expect(thrownBy(() => run({ ...largest, gpuBytes: 99 }))).toBeInstanceOf(TraceError);
  });

  test("with a request of an unknown application is refused with its line and the known ones", () => {
    const error = thrownBy(() => run({ rows: three({ application: 3 }), trace }));
    expect(error).toBeInstanceOf(TraceError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/application 3, and the configuration has 0/),
      position: { file: "traces/mine.csv", line: 7 },
    });
  });
});

test("a batch beyond the measured curves fails the run, and says which limit to set", () => {
  const falling = { batchTokens: [0, 100], prefillSeconds: [2, 1], decodeSeconds: [1, 1] };
  const error = thrownBy(() => run({ rows: [{ arrival: 1, prompt: 300, output: 2 }], times: falling }));
  expect(error).toBeInstanceOf(SimulationError);
  expect((error as SimulationError).hint).toContain("max_batch_tokens");
});

describe("a model size belongs to the architecture", () => {
  const errorOf = (sizes: SimulationInputs["sizes"], model_size: string) => {
    const inputs = inputsOf({ applications: [{ model_size }] });
    const large = { name: "tiny-large", num_layers: 1, hidden_size: 1, num_heads: 1 };
    const architectures = new Map([...inputs.architectures, [large.name, large]]);
    return thrownBy(() => checkInputs({ ...inputs, sizes, architectures }));
  };
  const size = { weights: 0, dtype_size: 0.5 };

  test("that it names", () => {
    const sizes = new Map([["mine", { ...size, architecture: "tiny-large" }]]);
    expect(errorOf(sizes, "mine")).toMatchObject({ label: "wrong_model_size", path: "applications.0.model_size" });
    expect(errorOf(new Map([["mine", { ...size, architecture: "tiny" }]]), "mine")).toBe(undefined);
  });

  test("or else to that of the longest name with which its own begins, if there is one", () => {
    expect(errorOf(new Map([["tiny-large-fp16", size]]), "tiny-large-fp16")).toMatchObject({
      label: "wrong_model_size",
      message: "tiny-large-fp16 is a size of tiny-large, not of tiny.",
    });
    for (const name of ["tiny-fp16", "tiny", "mine"]) expect(errorOf(new Map([[name, size]]), name)).toBe(undefined);
  });
});
