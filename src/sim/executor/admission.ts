/**
 * With how much memory an instance admits a request. `request`: with the KV cache of all tokens that it will have there.
 * `task`: a prefill with that of its prompt and first token, its decode with the rest, which may never become free
 * (SplitwiseSim).
 */
export type Admission = "request" | "task";
