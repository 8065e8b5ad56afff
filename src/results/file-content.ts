/** Text handed over in pieces, so that a file of millions of rows is never held in memory as a whole. */
export type TextPieces = Iterable<string>;

/** Text or bytes of one file, at once or in pieces. */
export type FileContent = string | Uint8Array | TextPieces | Iterable<Uint8Array>;
