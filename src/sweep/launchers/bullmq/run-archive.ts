/** The files of a run as compressed pieces that a worker sends and the submitter writes. */
import type { FileContent } from "../../../results/file-content.ts";
import { compressed, decompressed } from "./blobs.ts";

export interface ArchivedFile {
  /** Relative to the run's directory, with `/` between its parts. */
  readonly name: string;
  /** Pieces of the archive that hold the file, in the order of the files. */
  readonly pieces: number;
}

export interface RunArchive {
  readonly files: readonly ArchivedFile[];
  readonly pieces: readonly Uint8Array[];
}

export function archiveOf(files: ReadonlyMap<string, FileContent>): RunArchive {
  const archived: ArchivedFile[] = [];
  const pieces: Uint8Array[] = [];
  for (const [name, content] of files) {
    const before = pieces.length;
    const parts = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
    for (const piece of compressed(parts)) pieces.push(piece);
    archived.push({ name, pieces: pieces.length - before });
  }
  return { files: archived, pieces };
}

/** Files whose bytes are unfolded as they are written. `isWhole` is false if pieces are missing or left over. */
export function filesOf({ files, pieces }: RunArchive): {
  readonly contents: Map<string, FileContent>;
  readonly isWhole: boolean;
} {
  const contents = new Map<string, FileContent>();
  let start = 0;
  for (const file of files) {
    const own = pieces.slice(start, start + file.pieces);
    start += file.pieces;
    contents.set(file.name, { [Symbol.iterator]: () => unfold(own) });
  }
  return { contents, isWhole: start === pieces.length && contents.size === files.length };
}

function* unfold(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const piece of pieces) yield decompressed(piece);
}
