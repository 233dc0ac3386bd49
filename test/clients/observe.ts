/** Puts every client into every case, and writes down what it shows. */
import { CASE_GROUPS, type ClientCase, domainOf } from "./clientCases.js";
import { type ClientWorld, startClientWorld } from "./clientWorld.js";
import type { EnsClient, SeveralRecords } from "./ensClient.js";
import { dm3Client, ethers5Client, ethers6Client } from "./ethersClients.js";
import { handClient, sdkClient } from "./ourClients.js";
import { ensjsOf, viemOf } from "./viemClients.js";

/** Nothing: the case is none for this client. */
type Seen = "value" | "absent" | `error ${string}` | "–";

export interface Observation {
  readonly client: EnsClient;
  readonly case: ClientCase;
  readonly seen: Seen;
}

/** One after the other for each client, and all clients side by side. */
export async function observeClients(): Promise<Observation[]> {
  const world = await startClientWorld();
  try {
    const cases = CASE_GROUPS.flatMap((group) => group.cases);
    const observations = await Promise.all(
      clientsOf(world).map(async (client) => {
        const ofClient: Observation[] = [];
        for (const each of cases) {
          ofClient.push({ client, case: each, seen: await observe(world, client, each) });
        }
        return ofClient;
      }),
    );
    return observations.flat();
  } finally {
    await world.stop();
  }
}

function clientsOf(world: ClientWorld): EnsClient[] {
  return [
    ethers6Client(world, "registry"),
    ethers6Client(world, "direct"),
    ethers6Client(world, "batch"),
    ethers5Client(world),
    viemOf(world, "direct", false),
    viemOf(world, "direct", true),
    viemOf(world, "batch", false),
    viemOf(world, "batch", true),
    ensjsOf(world, "direct", false),
    ensjsOf(world, "direct", true),
    ensjsOf(world, "batch", false),
    ensjsOf(world, "batch", true),
    dm3Client(world),
    sdkClient(world, "direct"),
    sdkClient(world, "batch"),
    handClient(world),
  ];
}

async function observe(world: ClientWorld, client: EnsClient, asked: ClientCase): Promise<Seen> {
  const typed = `${asked.label}.${domainOf(asked.gateway, client.reach)}`;
  if (asked.given !== "as typed" && client.normalize === null) return "–";
  const name = asked.given === "as typed" ? typed : client.normalize!(typed);
  if (asked.asks === "several records" && client.several === null) return "–";
  let record: string | null;
  try {
    record =
      asked.asks === "one record"
        ? await client.profileRecord(name)
        : profileOfSeveral(world, await client.several!(name));
  } catch (error) {
    return `error ${client.errorClass(error)}`;
  }
  if (record === null) return "absent";
  if (record !== world.profileRecord) throw new Error(`${client.title} shows ${record}.`);
  return "value";
}

/** The absent record is absent whatever happens, and the address is there whenever the profile is. */
function profileOfSeveral(world: ClientWorld, records: SeveralRecords): string | null {
  const { profileRecord, absentRecord, address } = records;
  const expected = profileRecord === null ? undefined : world.address.toLowerCase();
  if (absentRecord !== null || address?.toLowerCase() !== expected) {
    throw new Error(`Several records at once came as ${JSON.stringify(records)}.`);
  }
  return profileRecord;
}
