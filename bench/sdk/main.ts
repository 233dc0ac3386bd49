/** `npm run bench:sdk`: what the SDK costs an app. Replaces its own figures in bench/results/latest.json only. */
import { readFile, writeFile } from "node:fs/promises";
import { sdkFigures } from "./figures.js";
import { unpackSdk } from "./unpackedSdk.js";

const LATEST = new URL("../results/latest.json", import.meta.url);

const sdk = await unpackSdk();
try {
  const figures = await sdkFigures(sdk);
  const results = JSON.parse(await readFile(LATEST, "utf8")) as { ratios: object };
  const ratios = { ...results.ratios, ...figures };
  await writeFile(LATEST, `${JSON.stringify({ ...results, ratios }, null, 2)}\n`);
  console.log(JSON.stringify(figures, null, 2));
} finally {
  await sdk.remove();
}
