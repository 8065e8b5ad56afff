/** Bytes in Redis: lists of compressed pieces that expire by themselves. */
import { randomUUID } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Redis } from "ioredis";

/** Of a piece before compression; bounds what either side holds at once, and what a malicious piece can unfold to. */
const PIECE_BYTES = 4 * 1024 * 1024;
/** The fastest level: CSV then shrinks to a third. */
const COMPRESSION_LEVEL = 1;

/** Compressed pieces of what may itself come in pieces, of any size. */
export function* compressed(content: Iterable<string | Uint8Array>): Generator<Buffer> {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  const flush = () => {
    const piece = gzipSync(Buffer.concat(waiting), { level: COMPRESSION_LEVEL });
    waiting = [];
    waitingBytes = 0;
    return piece;
  };
  for (const part of content) {
    let bytes: Uint8Array = typeof part === "string" ? Buffer.from(part) : part;
    while (waitingBytes + bytes.length >= PIECE_BYTES) {
      const taken = PIECE_BYTES - waitingBytes;
      waiting.push(bytes.subarray(0, taken));
      yield flush();
      bytes = bytes.subarray(taken);
    }
    if (bytes.length === 0) continue;
    waiting.push(bytes);
    waitingBytes += bytes.length;
  }
  if (waitingBytes > 0) yield flush();
}

/** Throws if the piece is damaged, or larger than any of ours. */
export function decompressed(piece: Uint8Array): Buffer {
  return gunzipSync(piece, { maxOutputLength: PIECE_BYTES });
}

/** The list appears at once and whole, or not at all. */
export async function putPieces(
  redis: Redis,
  key: string,
  pieces: Iterable<Uint8Array>,
  expirySeconds: number,
): Promise<void> {
  const temporary = `${key}:${randomUUID()}`;
  let count = 0;
  for (const piece of pieces) {
    await redis.rpush(temporary, Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
    if (count++ === 0) await redis.expire(temporary, expirySeconds);
  }
  // An empty list cannot be told from an absent one.
  if (count === 0) await redis.multi().rpush(temporary, "").expire(temporary, expirySeconds).exec();
  await redis.rename(temporary, key);
}

/** Undefined if there is nothing under this key. */
export async function getPieces(redis: Redis, key: string): Promise<Buffer[] | undefined> {
  const count = await redis.llen(key);
  const pieces: Buffer[] = [];
  for (let index = 0; index < count; index++) {
    const piece = await redis.lindexBuffer(key, index);
    if (piece === null) return undefined;
    if (piece.length > 0) pieces.push(piece);
  }
  return count === 0 ? undefined : pieces;
}
