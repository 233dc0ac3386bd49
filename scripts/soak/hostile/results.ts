/** Keeps the worst figures of the present build beside those of the other measuring commands. */
import { readFile, writeFile } from "node:fs/promises";
import { type Figures, worst } from "./figures.js";

const LATEST = new URL("../../../bench/results/latest.json", import.meta.url);

export interface HostileRatios {
  readonly hostileGoodP99VsQuiet: number;
  readonly hostileFailedLookups: number;
  readonly hostileApiP99Ms: number;
  readonly hostileRssMb: number;
}

export async function keepFigures(all: readonly Figures[]): Promise<void> {
  const results = JSON.parse(await readFile(LATEST, "utf8")) as { readonly ratios: object };
  const ratios = { ...results.ratios, ...hostileRatios(all) };
  await writeFile(LATEST, `${JSON.stringify({ ...results, ratios }, null, 2)}\n`);
}

/** Of several attacks the worst counts. */
export function hostileRatios(all: readonly Figures[]): HostileRatios {
  return {
    hostileGoodP99VsQuiet: Number(worst(all, "ratio").toPrecision(3)),
    hostileFailedLookups: worst(all, "failedLookups"),
    hostileApiP99Ms: Math.round(worst(all, "apiP99Ms")),
    hostileRssMb: Math.round(worst(all, "rssMb")),
  };
}
