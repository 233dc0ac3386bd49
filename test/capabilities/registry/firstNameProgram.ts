/** Starts the registry's service on a database, and prints how long the first name takes that is not ASCII, in ms. */
import { normalizeName } from "../../../src/ens/normalize.js";
import { openTestService } from "../../http/openTestService.js";

const service = await openTestService(process.env["DATABASE_URL"]);
const startedMs = performance.now();
normalizeName("m\u00fcnchen.eth");
console.log(`first name: ${(performance.now() - startedMs).toFixed(3)} ms`);
await service.stop();
process.exit();
