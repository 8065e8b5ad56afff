/** How much is on its way from a source, whenever something starts or ends. */

export interface Journey {
  readonly source: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly bytes: number;
}

interface Load {
  bytes: number;
  journeys: number;
}

export class BytesUnderWay {
  readonly #bytes = new Map<string, number>();

  constructor(journeys: readonly Journey[]) {
    const steps = journeys.flatMap(({ source, startSeconds, endSeconds, bytes }) => [
      { source, seconds: startSeconds, bytes, journeys: 1 },
      { source, seconds: endSeconds, bytes: -bytes, journeys: -1 },
    ]);
    steps.sort((a, b) => a.seconds - b.seconds);
    const loads = new Map<number, Load>();
    for (const step of steps) {
      const load = loads.get(step.source) ?? { bytes: 0, journeys: 0 };
      loads.set(step.source, load);
      load.journeys += step.journeys;
      // Sums of fractions leave a rest.
      load.bytes = load.journeys === 0 ? 0 : Math.max(0, load.bytes + step.bytes);
      this.#bytes.set(keyOf(step.source, step.seconds), load.bytes);
    }
  }

  /** Of a time at which a journey from there starts or ends: once all have that do then. */
  at(source: number, seconds: number): number {
    return this.#bytes.get(keyOf(source, seconds)) ?? 0;
  }
}

function keyOf(source: number, seconds: number): string {
  return `${source} ${seconds}`;
}
