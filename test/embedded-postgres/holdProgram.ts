/** A process that starts the embedded Postgres in the folder of its argument and stays up. */
import { startEmbeddedPostgres } from "../../src/embedded-postgres/embeddedPostgres.js";

const { url, dataDir } = await startEmbeddedPostgres({ dir: process.argv[2] ?? "" });
process.stdout.write(`${JSON.stringify({ url, dataDir })}\n`);
setInterval(() => undefined, 60_000);
