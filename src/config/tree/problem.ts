/** Why a merge or an edit of the tree is impossible. Callers know what the user did and say it in his words. */
export type ProblemKind =
  | "key_not_in_struct"
  | "key_not_in_type"
  | "incompatible_containers"
  | "invalid_value"
  | "index_out_of_range"
  | "not_an_index"
  | "not_a_container"
  | "missing_parent"
  | "unresolvable_parent";

export class TreeProblem extends Error {
  readonly kind: ProblemKind;
  /** Dotted path of the place. */
  readonly path: string;
  /** What the mapping at fault holds, for suggestions. */
  readonly candidates: readonly string[];

  constructor(kind: ProblemKind, path: string, message: string, candidates: readonly string[] = []) {
    super(message);
    this.kind = kind;
    this.path = path;
    this.candidates = candidates;
  }
}
