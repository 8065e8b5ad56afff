import { expect, test } from "vitest";
import { openWorkspace, prepareRun, readInputs, requestTables, runMetrics, simulate } from "../../src/index.ts";
import { referenceTimes } from "../../src/inputs/reference-times.ts";
import { processorOf } from "../../src/sim/cluster/build-cluster.ts";
import type { RooflineParameters } from "../../src/sim/performance/performance.schema.ts";
import { analysePass, rooflinePlan } from "../../src/sim/performance/roofline/index.ts";

function prepared(...overrides: string[]) {
  const { composer, resolver } = openWorkspace({});
  return prepareRun(composer.compose(["performance_model=roofline", ...overrides]), resolver).inputs;
}

const MODEL = (name: string) => ["applications=model", `applications.0.model_architecture=${name}`];

test.each(["llama3-8b", "qwen2.5-7b", "opt-350m", "gpt2"])("%s, which no table measures, is served", (name) => {
  const heads = name === "gpt2" || name === "qwen2.5-7b" ? 4 : 8;
  const parallelism = `start_state.instance.tensor_parallelism=${heads}`;
  const inputs = prepared(...MODEL(name), "trace.requests=40", "cluster=solo_h100", parallelism);
  const record = simulate(readInputs(inputs));
  expect(record.completionOrder).toHaveLength(40);
  expect(runMetrics(record, requestTables(record)).ttft_p50).toBeGreaterThan(0);
});

test("a request alone has the prefill of the analysis as its TTFT", () => {
  const inputs = prepared(...MODEL("llama3-8b"), "trace.requests=1", "cluster=solo_h100");
  const read = readInputs(inputs);
  const promptTokens = read.trace.promptTokens[0];
  const { prefillEndSeconds } = simulate(read).outcomes;
  const [processor, architecture, size] = [
    inputs.processors.get("h100-80gb"),
    inputs.architectures.get("llama3-8b"),
    inputs.sizes.get("llama3-8b-fp16"),
  ];
  if (processor === undefined || architecture === undefined || size === undefined) throw new Error("not shipped");
  const plan = rooflinePlan(inputs.config.performance_model as RooflineParameters, {
    modelArchitecture: "llama3-8b",
    processorName: "h100-80gb",
    tensorParallelism: 8,
    processor: processorOf(processor),
    architecture,
    size,
  });
  const none = { promptContextProducts: 0, decodes: 0, contextTokens: 0 };
  const shape = { ...none, prefills: 1, promptTokens, squaredPromptTokens: promptTokens ** 2 };
  const ttft = prefillEndSeconds[0] - read.trace.arrivalSeconds[0];
  expect(ttft).toBeCloseTo(analysePass(plan, shape).seconds, 12);
});

test("the reference of an SLO is a prefill, and a decode at the prompt's context, of one request alone", () => {
  const inputs = prepared(...MODEL("llama3-8b"), "slo=splitwise", "slo.reference.tensor_parallelism=8");
  const { slo } = inputs.config;
  if (slo === undefined) throw new Error("no slo");
  const reference = referenceTimes(inputs, slo, { curves: [] });
  const growth = reference.decodeSeconds(9000) / reference.decodeSeconds(1000);
  expect(growth).toBeGreaterThan(1.01);
  expect(growth).toBeLessThan(1.2);
});

test("a file's size goes before the computed one of its name", () => {
  expect(prepared("applications.0.model_size=llama2-70b-fp16").sizes.get("llama2-70b-fp16")?.weights).toBe(135e9);
  expect(prepared("applications.0.model_size=llama2-70b-bf16").sizes.get("llama2-70b-bf16")?.weights).toBe(
    2 * 68_976_648_192,
  );
});

test("a precision that there is not is refused with those that there are", () => {
  expect(() => prepared(...MODEL("llama3-8b"), "applications.0.model_size=llama3-8b-fp17")).toThrow(
    expect.objectContaining({ label: "unknown_name", hint: expect.stringContaining("llama3-8b-fp16") }),
  );
});
