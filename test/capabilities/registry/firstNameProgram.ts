/** Starts the registry's service on a database, and prints how much CPU the first name takes that is not ASCII, in ms. */
import { normalizeName } from "../../../src/ens/normalize.js";
import { openTestService } from "../../http/openTestService.js";

const service = await openTestService(process.env["DATABASE_URL"]);
const before = process.cpuUsage();
normalizeName("m\u00fcnchen.eth");
const { user, system } = process.cpuUsage(before);
console.log(`first name: ${(user + system) / 1000} ms`);
await service.stop();
process.exit();
