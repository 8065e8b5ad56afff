import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { buildCluster } from "../../../src/sim/cluster/build-cluster.ts";
import { thrownBy } from "../inputs.ts";

const HARDWARE = {
  processors: new Map([
    ["a100", { name: "a100-80gb", memory_size: 80 }],
    ["cpu", { name: "grace", memory_size: 5 }],
  ]),
  skus: new Map([
    ["dgx", { name: "DGX", processors: [{ name: "a100", count: 2 }] }],
    [
      "mixed",
      {
        name: "Mixed",
        processors: [
          { name: "cpu", count: 1 },
          { name: "a100", count: 2 },
        ],
      },
    ],
    ["broken", { name: "Broken", processors: [{ name: "b200", count: 1 }] }],
  ]),
};

function cluster(...servers: { sku: string; count: number }[]) {
  return buildCluster({ servers }, HARDWARE);
}

describe("buildCluster", () => {
  test("numbers servers through the SKU groups in their order", () => {
    const servers = cluster({ sku: "mixed", count: 1 }, { sku: "dgx", count: 2 }, { sku: "mixed", count: 1 });
    expect(servers.map(({ id, skuName }) => [id, skuName])).toEqual([
      [0, "mixed"],
      [1, "dgx"],
      [2, "dgx"],
      [3, "mixed"],
    ]);
  });

  test("gives each server its SKU's processors in order, with their names and memory", () => {
    const [{ processors }] = cluster({ sku: "mixed", count: 1 });
    expect(processors).toEqual([
      { name: "grace", memoryBytes: 5 },
      { name: "a100-80gb", memoryBytes: 80 },
      { name: "a100-80gb", memoryBytes: 80 },
    ]);
  });

  test("skips groups of no servers, and does not look their SKU up", () => {
    expect(cluster({ sku: "unheard-of", count: 0 }, { sku: "dgx", count: 1 })).toHaveLength(1);
  });

  test("refuses a cluster without any server", () => {
    expect(thrownBy(() => cluster({ sku: "dgx", count: 0 }))).toMatchObject({
      label: "empty_cluster",
      path: "cluster.servers",
    });
  });

  test.each([
    ["SKU", "unheard-of", "broken, dgx, mixed"],
    ["processor", "broken", "a100, cpu"],
  ])("names an unknown %s and lists those that there are", (what, sku, known) => {
    const error = thrownBy(() => cluster({ sku: "dgx", count: 1 }, { sku, count: 1 }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      label: "unknown_name",
      path: "cluster.servers.1.sku",
      message: expect.stringContaining(what),
      hint: `Known: ${known}.`,
    });
  });
});
