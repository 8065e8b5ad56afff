/** SVG to PNG, with fonts of our own: machines without any draw the same picture. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SweepError } from "../errors.ts";

/** At twice the size, for screens that show more than a hundred pixels an inch. Errors: SweepError if the library is missing. */
export async function svgToPng(svg: string): Promise<Uint8Array> {
  let resvg: typeof import("@resvg/resvg-js");
  let fonts: string;
  try {
    resvg = await import("@resvg/resvg-js");
    fonts = join(dirname(createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json")), "ttf");
  } catch (error) {
    throw new SweepError("USAGE", "PNG files need the optional packages @resvg/resvg-js and dejavu-fonts-ttf.", {
      hint: "Install them (npm install @resvg/resvg-js dejavu-fonts-ttf), or ask for --format svg,csv.",
      cause: error,
    });
  }
  const image = new resvg.Resvg(svg, {
    fitTo: { mode: "zoom", value: 2 },
    font: {
      loadSystemFonts: false,
      fontFiles: ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((name) => join(fonts, name)),
      defaultFontFamily: "DejaVu Sans",
    },
  });
  return image.render().asPng();
}
