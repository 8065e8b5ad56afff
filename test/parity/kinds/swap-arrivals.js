// Arrivals worked out by hand from rates per minute and unit exponentials. Seconds may differ by rounding.
import { minuteArrivals } from "../../../dist/traces/minutes/minute-arrivals.js";

const RELATIVE = 1e-12;

const VARIANTS = { restart_each_minute: "restart", carry_over: "carry" };

function arrivalsOf({ rates_per_s_by_minute: rates, unit_exponential_draws: exponentials }, variant) {
  let used = 0;
  const draws = {
    exponential: () => {
      if (used === exponentials.length) throw new Error("more draws than were recorded");
      return exponentials[used++];
    },
    uniform: () => {
      throw new Error("no uniform draw is expected");
    },
  };
  return minuteArrivals[variant](
    Float64Array.from(rates, (rate) => 60 * rate),
    draws,
  );
}

/** @type {import("./index.js").Kind} */
export const swapArrivals = {
  name: "arrivals by the minute",
  matches: (_path, content) => content?.arrivals?.restart_each_minute !== undefined,
  check: async (_path, _context, { arrivals }) =>
    Object.entries(VARIANTS).flatMap(([name, variant]) => {
      const expected = arrivals[name];
      const found = arrivalsOf(arrivals.input, variant);
      const isSame = (seconds, row) => Math.abs(found[row] - seconds) <= RELATIVE * seconds;
      if (found.length === expected.length && expected.every(isSame)) return [];
      return [`${name}: ${found.join(", ")}, expected ${expected.join(", ")}`];
    }),
};
