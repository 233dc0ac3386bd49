/**
 * `npm run bench:relay`: our relay node beside the steps of dm3's delivery service, by the functions of its libraries (npm
 * 1.7.1), behind express: as shipped, and with its JSON schema compiled once. One Postgres with synchronous commit for all, 32
 * connections, distinct real envelopes, in turns. Only ours verifies the sender. Writes its figures into `ratios` of
 * bench/results/latest.json; with --quick it only prints them.
 *
 * "Senders not known" leaves out what reading ENS over a network would take, as the peer's receivers do.
 */
import { parseArgs } from "node:util";
import { keepRatios } from "../report/results.js";
import { ratiosOf, tableOf } from "./figures.js";
import { measure } from "./measure.js";
import { type BenchPlace, inBenchPlace } from "./place.js";
import { type NodeName, startRelayServer } from "./relayServers.js";

const RESULTS = "latest.json";

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    /** How many messages are kept beside; 0 leaves that case out. */
    kept: { type: "string", default: "1000000" },
  },
});
await inBenchPlace(run);

async function run({ folder, databaseUrl, ...place }: BenchPlace): Promise<void> {
  const start = (name: NodeName, schema: string, peopleFile: string) =>
    place.start(schema, () =>
      startRelayServer(name, { ...place, databaseUrl, peopleFile }, schema),
    );
  const findings = await measure({
    ...{ start, folder, databaseUrl, isQuick: flags.quick, kept: Number(flags.kept) },
  });
  console.log(tableOf(findings));
  if (!flags.quick) await keepRatios(RESULTS, ratiosOf(findings));
}
