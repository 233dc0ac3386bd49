/** Domains to look after on the admin page, in the demo's world: one with everything, one with many names, one with a source. */
import { randomBytes } from "node:crypto";
import { Wallet } from "ethers";
import { openPool } from "../../src/db/pool.js";
import { sourceStore } from "../../src/db/sourceStore.js";
import { type DemoWorld, DOMAIN, startDemoWorld } from "../../src/demo/demoWorld.js";
import { parseAddress } from "../../src/ens/address.js";
import { namehash } from "../../src/ens/namehash.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom, newApiKey, type Scope } from "../../src/registry/domains/apiKey.js";
import { sourceProblem } from "../../src/registry/sources/sourceProblem.js";
import { createClient } from "../../src/sdk/node.js";
import { newSigningKey, requestSigner } from "../../src/source-http/signingKey.js";
import { provenNode, signedNetwork } from "../registry/signedStatements.js";

/** What no page may take for anything but text. */
export const MARKUP = `<img src=x onerror="document.title='taken'"><b>bold</b>`;

export const RELAY = `relay.${DOMAIN}`;
export const MANY = { domain: "many.example.eth", names: 120, apiKey: newKey() };
export const SOURCED = { domain: "sourced.example.eth", problems: 60, apiKey: newKey() };

export interface AdminWorld {
  readonly world: DemoWorld;
  /** Of the demo's domain, by its wallet. */
  readonly owner: Wallet;
  /** The page. */
  readonly url: string;
  /** With the API key of the demo's domain, as a service has it. */
  readonly client: ReturnType<typeof createClient>;
  /** One more key of the demo's domain. */
  newKey(label: string, scopes: readonly Scope[]): Promise<{ apiKey: string; id: string }>;
  /** Of the relay node `RELAY`: what watching it found yesterday and today; the same, however often it is noted. */
  noteChecks(): Promise<void>;
  stop(): Promise<void>;
}

export async function openAdminWorld(): Promise<AdminWorld> {
  const world = await startDemoWorld({
    ...{ rpcPort: 0, httpPort: 0, databaseUrl: process.env["DATABASE_URL"] },
    onStep: () => undefined,
    // nothing answers at the data source: that is told to the operator, and not to these tests
    reportFailure: () => undefined,
  });
  const { domains, url } = world.service;
  const owner = new Wallet(Wallet.createRandom().privateKey);
  await domains.changeDomain(DOMAIN, { owner: parseAddress(owner.address), ownerSignsIn: true });
  const client = createClient({ url, apiKey: world.apiKey });
  await client.relayNodes.put(RELAY, provenNode(RELAY, null));
  await client.networks.put(RELAY, signedNetwork(RELAY, null, { kind: "bridge" }));
  await addMany(world);
  await addSourced(world);
  return {
    ...{ world, owner, client, url: `${url}/admin` },
    newKey: async (label, scopes) => {
      const apiKey = newKey();
      const id = await domains.addApiKey(DOMAIN, newApiKey(apiKey, { label, scopes }));
      return { apiKey, id };
    },
    noteChecks: () => noteChecks(world),
    stop: () => world.stop(),
  };
}

function newKey(): string {
  return apiKeyFrom(randomBytes(32));
}

async function addServed(
  { chain, resolver, service }: DemoWorld,
  { domain, apiKey }: { readonly domain: string; readonly apiKey: string },
): Promise<void> {
  const served = { domain, chainId: chain.chainId, resolver: parseAddress(resolver) };
  await addDomain(service.domains, served, apiKey);
}

async function addMany(world: DemoWorld): Promise<void> {
  await addServed(world, MANY);
  const { apiKey, domain, names } = MANY;
  const items = Array.from({ length: names }, (_, at) => ({
    name: `user${String(at).padStart(3, "0")}.${domain}`,
  }));
  await createClient({ url: world.service.url, apiKey }).batch(items, { atomic: true });
}

async function addSourced(world: DemoWorld): Promise<void> {
  await addServed(world, SOURCED);
  const pool = openPool({ url: world.databaseUrl });
  try {
    const sources = sourceStore(pool);
    const { id } = await sources.add({
      domain: SOURCED.domain,
      freshMs: 1000,
      settings: {
        ...{ kind: "http", endpoint: "https://users.example/signpost", network: null },
        publicKey: requestSigner(newSigningKey()).publicKey,
      },
    });
    for (let at = 0; at < SOURCED.problems; at++) {
      const name = `user${String(at).padStart(2, "0")}.${SOURCED.domain}`;
      await sources.problems.note(id, name, sourceProblem("profile", `The profile is ${MARKUP}`));
    }
  } finally {
    await pool.end();
  }
}

async function noteChecks({ databaseUrl }: DemoWorld): Promise<void> {
  const node = namehash(RELAY);
  const pool = openPool({ url: databaseUrl });
  try {
    await pool.query("delete from watched_node where node = $1", [node]);
    // the demo's service watches none: nothing else is found out meanwhile
    await pool.query(
      `insert into watched_node (node, name, version, taken_at, url, listed, state, reason, since_at, checked_at)
       select node, name, version, now(), 'https://relay.example', true, 'unreachable',
         'answers with <b>502</b>', now() - interval '1 hour', now() from name where node = $1`,
      [node],
    );
    await pool.query(
      `insert into watched_node_change (node, at, state, reason) values
         ($1, now() - interval '1 day', 'works', null),
         ($1, now() - interval '1 hour', 'unreachable', 'answers with <b>502</b>')`,
      [node],
    );
    await pool.query(
      `insert into watched_node_day (node, day, checks, good) values
         ($1, (now() at time zone 'UTC')::date - 1, 4, 4), ($1, (now() at time zone 'UTC')::date, 4, 2)`,
      [node],
    );
  } finally {
    await pool.end();
  }
}
