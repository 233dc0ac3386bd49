/**
 * A process that rotates the keys of a sealing world and tells how far it is: on a line each how many values were
 * moved, and at the end the report. Its arguments: the URL, the schemas as JSON, and the files of the wrapping keys.
 */
import { openPool } from "../../../src/db/pool.js";
import { rotate } from "../../../src/sealing/rotation.js";
import { fileWrappingKey } from "../../../src/wrapping-keys/fileWrappingKey.js";
import { keeperOn, type SealingWorld } from "./sealingWorld.js";

const [url = "", schemas = "", ...keyFiles] = process.argv.slice(2);
const pool = openPool({ url, maxConnections: 8, applicationName: "rotation" });
const wrappingKeys = await Promise.all(keyFiles.map((file) => fileWrappingKey(file)));
const keeper = keeperOn(pool, JSON.parse(schemas) as SealingWorld["schemas"], wrappingKeys);
const onProgress = (moved: number) => {
  process.stdout.write(`moved ${moved}\n`);
};
const report = await rotate({ ...keeper, onProgress }, "refuse");
process.stdout.write(`report ${JSON.stringify(report)}\n`);
await pool.end();
process.exit(0);
