import { gunzipSync } from "node:zlib";
import { TraceError } from "../errors.ts";

/** Limit of what a compressed trace may grow to: about 25 million rows. */
const LARGEST_BYTES = 2 ** 30;

/** The bytes of a file, unpacked if they are gzip's, whatever the file is called. Errors: TraceError. */
export function decompress(bytes: Uint8Array, source: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST_BYTES });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw new TraceError(
      tooLarge
        ? `The compressed trace unpacks to more than ${LARGEST_BYTES / 2 ** 20} MiB.`
        : `The compressed trace is damaged: ${(error as Error).message}.`,
      { file: source },
      { cause: error, hint: tooLarge ? "Unpack the file first." : "Expected a whole gzip file." },
    );
  }
}
