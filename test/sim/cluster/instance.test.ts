import { expect, test } from "vitest";
import { Instance } from "../../../src/sim/cluster/instance.ts";
import { ByteMemory } from "../../../src/sim/memory/byte-memory.ts";

function instanceWith(heldBytes: Float64Array) {
  const identity = {
    index: 7,
    id: 3,
    applicationId: 1,
    processor: { name: "h100-80gb", memoryBytes: 1000 },
    tag: null,
  };
  return new Instance(identity, new ByteMemory(1000, 400), heldBytes);
}

test("is labelled by its processors and its number within its application", () => {
  expect(instanceWith(new Float64Array(1)).label).toBe("h100-80gb_3");
});

test("counts the weights as promised from the start", () => {
  expect(instanceWith(new Float64Array(1)).committedBytes).toBe(400);
});

test("charges a request's KV cache to it and to the memory, and frees all of it at its end", () => {
  const heldBytes = new Float64Array(2);
  const instance = instanceWith(heldBytes);
  instance.hold(0, 30);
  instance.hold(1, 5);
  instance.hold(0, 10);
  expect([...heldBytes, instance.memory.usedBytes, instance.allocations]).toEqual([40, 5, 445, 2]);
  instance.release(0);
  expect([...heldBytes, instance.memory.usedBytes, instance.allocations]).toEqual([0, 5, 405, 1]);
});

test("takes back what was promised when a request's KV cache leaves", () => {
  const instance = instanceWith(new Float64Array(1));
  instance.committedBytes += 40;
  instance.hold(0, 40);
  instance.release(0);
  expect(instance.committedBytes).toBe(400);
});

test("a KV cache that moves on is freed at its source, held by its request, and counted where it arrives", () => {
  const heldBytes = new Float64Array(1);
  const source = instanceWith(heldBytes);
  const destination = instanceWith(heldBytes);
  source.hold(0, 30);
  destination.receive(30);
  expect([source.memory.usedBytes, destination.memory.usedBytes]).toEqual([430, 430]);
  source.handOver(0);
  expect([source.memory.usedBytes, source.allocations, heldBytes[0]]).toEqual([400, 0, 30]);
  destination.release(0);
  expect([destination.memory.usedBytes, destination.allocations, heldBytes[0]]).toEqual([400, 0, 0]);
});
