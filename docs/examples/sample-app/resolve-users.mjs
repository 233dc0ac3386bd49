// Resolves every user of the table through ENS, as anybody's client does, and verifies the profile.
//
//   node docs/examples/sample-app/resolve-users.mjs <users.csv> <domain>
//
// RPC_URL is a node of the chain that ENS is on; ENS_REGISTRY, for a practice chain on this machine, its registry.
import { resolveProfile } from "signpost/sdk";
import { nameOf, readUsers } from "./usersTable.mjs";

const [file, domain] = process.argv.slice(2);
const { RPC_URL, ENS_REGISTRY } = process.env;
const AT_ONCE = 10;

const options = {
  rpc: RPC_URL,
  ...(ENS_REGISTRY && { ensRegistry: ENS_REGISTRY, allowLoopback: true }),
};

const users = await readUsers(file);
const left = [...users];
const lost = [];
await Promise.all(Array.from({ length: AT_ONCE }, resolveNext));
for (const line of lost) console.error(line);
console.log(`${users.length - lost.length} of ${users.length} resolved and verified`);
if (lost.length > 0) process.exitCode = 1;

async function resolveNext() {
  for (let user = left.pop(); user; user = left.pop()) {
    const outcome = await resolveProfile(nameOf(user, domain), options);
    if (outcome.status !== "found") lost.push(outcome.sentence);
    else if (outcome.address !== user.wallet) lost.push(`${outcome.name} is another wallet's`);
    else if (!outcome.relayNode) lost.push(`${outcome.name} has no relay node that is found`);
  }
}
