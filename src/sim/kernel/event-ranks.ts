/**
 * Ranks of events at equal times where `simulation.event_order=by_type` orders them, as LLM-Serving-Simulator's heap of
 * (time, name of the type, payload) does.
 */
export const EVENT_RANK = { arrival: 0, decodeStep: 1, transferEnd: 2, prefillEnd: 3 } as const;
