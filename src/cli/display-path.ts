import { isAbsolute, relative } from "node:path";

/** A path as the user would type it: relative if it is below the working directory. */
export function displayPath(path: string): string {
  if (!isAbsolute(path)) return path;
  const short = relativeToHere(path);
  return short === "" ? "." : short.startsWith("..") ? path : short;
}

/** The path itself if the working directory is gone. */
function relativeToHere(path: string): string {
  try {
    return relative(process.cwd(), path);
  } catch {
    return path;
  }
}
