/** Loads what nobody has asked for: pinned models before the run, planned loads, and what the load trigger expects next. */
import { ConfigError } from "../../errors.ts";
import { gigabytes } from "../checks.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Loads } from "./loads.ts";
import type { ModelPlacement } from "./placement/model-placement.ts";
import type { ProcessorGroup } from "./processor-group.ts";
import type { ResidencyMoves } from "./residency-moves.ts";
import type { ServedModel } from "./served-model.ts";
import type { LoadTrigger, PlannedLoad } from "./trigger/load-trigger.ts";

export interface PrefetcherParts {
  readonly kernel: Kernel;
  readonly models: readonly ServedModel[];
  readonly moves: ResidencyMoves;
  readonly loads: Loads;
  readonly placement: ModelPlacement;
  readonly trigger: LoadTrigger;
  /** Whether the model will be ready some time anyway. */
  readonly isExpected: (model: ServedModel) => boolean;
}

const NOWHERE: ReadonlySet<ProcessorGroup> = new Set();

export class Prefetcher {
  readonly #parts: PrefetcherParts;

  constructor(parts: PrefetcherParts) {
    this.#parts = parts;
  }

  /** Pinned models are there at no cost. Errors: ConfigError if they do not fit. */
  start(): void {
    const { kernel, models, trigger } = this.#parts;
    for (const model of models) if (model.isPinned) this.#pin(model);
    for (const planned of trigger.schedule ?? []) {
      kernel.at(
        planned.seconds,
        kernel.on(() => this.#loadAsPlanned(planned)),
        0,
      );
    }
  }

  /** Brings a model back that has left, if there is room. */
  bring(model: ServedModel): void {
    const { loads, isExpected } = this.#parts;
    if (model.isReady() || isExpected(model)) return;
    const residency = loads.best(loads.candidates(model), NOWHERE);
    if (residency !== undefined) loads.start(residency, true);
  }

  /** Fills memory that is free with what the trigger expects next. */
  fill(groups: readonly ProcessorGroup[]): void {
    const { trigger, models, placement, loads, isExpected } = this.#parts;
    const { prefetchRank } = trigger;
    if (prefetchRank === undefined) return;
    const absent = models
      .filter((model) => !model.isNotWanted && !model.isReady() && !isExpected(model))
      .map((model) => ({ model, rank: prefetchRank(model) }))
      .filter(({ rank }) => Number.isFinite(rank))
      .sort((a, b) => a.rank - b.rank || a.model.index - b.model.index);
    for (const group of groups) {
      const spareBytes = (trigger.spareShare ?? 0) * group.capacityBytes;
      for (const { model } of absent) {
        if (isExpected(model) || !placement.groupsFor(model).includes(group)) continue;
        const residency = model.residencies.find((each) => each.group === group && each.state === "absent");
        if (residency === undefined || residency.missingBytes + spareBytes > group.freeBytes) continue;
        loads.start(residency, true);
      }
    }
  }

  #pin(model: ServedModel): void {
    const { loads, moves } = this.#parts;
    const residency = loads.candidates(model).find(({ group, missingBytes }) => missingBytes <= group.freeBytes);
    if (residency === undefined) throw pinnedError(model);
    moves.preload(residency);
    model.application.activate(residency.instance);
  }

  #loadAsPlanned({ model, group }: PlannedLoad): void {
    const { loads } = this.#parts;
    const candidates = loads.candidates(model);
    const chosen = group === undefined ? candidates : candidates.filter((each) => each.group.index === group);
    const residency = loads.best(chosen, NOWHERE);
    if (residency !== undefined) loads.start(residency, true);
  }
}

function pinnedError({ name, neededBytes }: ServedModel): ConfigError {
  return new ConfigError(
    "pinned_models_too_large",
    `The pinned models do not fit: ${name} finds no ${gigabytes(neededBytes)} of free memory on the processors where it may be.`,
    { path: "swapping.models", hint: "Pin fewer models, or use more or larger processors." },
  );
}
