/** What a processor can do per second, as the roofline needs it. */
import { ConfigError } from "../../../errors.ts";
import type { Processor } from "../../cluster/server.ts";
import type { ElementBytes } from "../../workload/model-dimensions.ts";

/** Fractions of the data sheet's figures that programs attain, in (0, 1]. */
export interface Efficiencies {
  readonly compute: number;
  readonly bandwidth: number;
  readonly network: number;
}

/** Per second, efficiencies included. */
export interface Rates {
  readonly flops16: number;
  readonly bytes: number;
  readonly onchipBytes: number;
  /** Matrix products of elements of at most one byte. */
  flops8(): number;
  /** Bytes each way to another processor of the instance, and seconds before the first. */
  link(): { readonly bytes: number; readonly latencySeconds: number };
}

/** Errors: ConfigError that names the missing key of the processor; those of `flops8` and `link` when they are asked for. */
export function ratesOf(processor: Processor, efficiencies: Efficiencies, eightBit: "best" | "int8"): Rates {
  const given = (value: number | undefined, key: string): number => {
    if (value !== undefined) return value;
    throw new ConfigError("missing_figure", `Computed times need ${key} of the processor ${processor.name}.`, {
      path: "hardware_repo.processors",
      hint: `Add ${key} to the file of ${processor.name} in that folder, from its data sheet.`,
    });
  };
  const { peakFlops = {} } = processor;
  return {
    flops16: given(peakFlops.fp16, "peak_flops.fp16") * efficiencies.compute,
    bytes: given(processor.memoryBytesPerSecond, "memory_bandwidth") * efficiencies.bandwidth,
    onchipBytes: given(processor.onchipBytes, "onchip_buffer"),
    flops8() {
      const { int8, fp8 } = peakFlops;
      const best = eightBit === "best" && fp8 !== undefined ? Math.max(fp8, int8 ?? 0) : int8;
      return given(best, "peak_flops.int8") * efficiencies.compute;
    },
    link() {
      return {
        bytes: given(processor.linkBytesPerSecond, "interconnect_bandwidth") * efficiencies.network,
        latencySeconds: processor.linkLatencySeconds ?? 0,
      };
    },
  };
}

/** Peak for products of elements of these sizes: that of 8 bits if none is larger, else that of 16. */
export function peakFor(rates: Rates, ...elementBytes: readonly ElementBytes[keyof ElementBytes][]): number {
  return elementBytes.every((bytes) => bytes <= 1) ? rates.flops8() : rates.flops16;
}
