/** How to go on when a model or a processor is not among those that we have. */
import { ConfigError, throwTogether } from "../../errors.ts";

const REMEDIES: Readonly<Record<string, string>> = {
  hardware:
    "Describe another in DIR/hardware/NAME.yaml (name, memory_size in bytes, memory_bandwidth in bytes/s from its data sheet) " +
    "and add -cd DIR.",
  model:
    "Describe another in DIR/model/NAME.yaml (architecture: name, num_layers, hidden_size, num_heads, num_kv_heads; size: " +
    "weights in bytes, dtype_size) and add -cd DIR.",
};

/** Calls `action`; a missing model or processor is told with the remedy. */
export function withRemedies<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return throwTogether([error, ...error.others].map((mistake) => remedied(mistake as ConfigError))) as never;
  }
}

function remedied(error: ConfigError): ConfigError {
  const remedy = error.label === "config_not_found" ? REMEDIES[error.path?.split("/")[0] ?? ""] : undefined;
  if (remedy === undefined) return error;
  const { label, message, position, path, hint, cause } = error;
  return new ConfigError(label, message, {
    position,
    path,
    cause,
    hint: hint === undefined ? remedy : `${hint}\n${remedy}`,
  });
}
