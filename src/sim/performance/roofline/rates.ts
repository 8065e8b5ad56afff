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

/** Errors: ConfigError that names the missing keys of the processor; those of `flops8` and `link` when they are asked for. */
export function ratesOf(processor: Processor, efficiencies: Efficiencies, eightBit: "best" | "int8"): Rates {
  const { peakFlops = {}, memoryBytesPerSecond, onchipBytes } = processor;
  const { fp16, fp8, int8 } = peakFlops;
  if (fp16 === undefined || memoryBytesPerSecond === undefined || onchipBytes === undefined) {
    const needed = {
      memory_bandwidth: memoryBytesPerSecond,
      "peak_flops.fp16": fp16,
      onchip_buffer: onchipBytes,
    };
    const missing = Object.entries(needed).filter(([, figure]) => figure === undefined);
    throw missingFigure(processor, missing.map(([key]) => key).join(", "));
  }
  return {
    flops16: fp16 * efficiencies.compute,
    bytes: memoryBytesPerSecond * efficiencies.bandwidth,
    onchipBytes,
    flops8() {
      const best = eightBit === "best" && fp8 !== undefined ? Math.max(fp8, int8 ?? 0) : int8;
      if (best === undefined) throw missingFigure(processor, "peak_flops.int8");
      return best * efficiencies.compute;
    },
    link() {
      const { linkBytesPerSecond, linkLatencySeconds = 0 } = processor;
      if (linkBytesPerSecond === undefined) throw missingFigure(processor, "interconnect_bandwidth");
      return { bytes: linkBytesPerSecond * efficiencies.network, latencySeconds: linkLatencySeconds };
    },
  };
}

function missingFigure({ name }: Processor, keys: string): ConfigError {
  return new ConfigError("missing_figure", `Computed times need ${keys} of the processor ${name}.`, {
    path: "hardware_repo.processors",
    hint: `Add what is missing to the file of ${name} in that folder, from its data sheet.`,
  });
}

/** Peak for products of elements of these sizes: that of 8 bits if none is larger, else that of 16. */
export function peakFor(rates: Rates, ...elementBytes: readonly ElementBytes[keyof ElementBytes][]): number {
  return elementBytes.every((bytes) => bytes <= 1) ? rates.flops8() : rates.flops16;
}
