/** From a row in a service's own Postgres to clients that we did not write, on a real chain. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { openPool } from "../../src/db/pool.js";
import { sourceStore } from "../../src/db/sourceStore.js";
import { type DemoWorld, startDemoWorld } from "../../src/demo/demoWorld.js";
import { signUp } from "../../src/demo/people.js";
import { encodeProfileRecord } from "../../src/dm3/profile/profileRecord.js";
import type { SignpostError } from "../../src/errors.js";
import { resolveProfile } from "../../src/sdk/node.js";
import { type ServicePostgres, startServicePostgres } from "../source-postgres/servicePostgres.js";
import { dm3, ethers6, type StockClient, viem } from "./stockClients.js";

const DOMAIN = "users.example.eth";
const NAME = `zoe.${DOMAIN}`;

describe("e2e: a service's own table, as clients see it", function () {
  this.timeout(270_000);
  let postgres: ServicePostgres;
  let world: DemoWorld;
  let clients: StockClient[];
  const failures: SignpostError[] = [];

  before(async () => {
    postgres = await startServicePostgres();
    await postgres.sql("create role without login; grant select on users to without");
    await postgres.trust("without");
    world = await startDemoWorld({
      ...{ rpcPort: 0, httpPort: 0, databaseUrl: process.env["DATABASE_URL"] },
      onStep: () => undefined,
      reportFailure: (error) => failures.push(error),
    });
    clients = [ethers6(world), viem(world), dm3(world)];
    const pool = openPool({ url: world.databaseUrl });
    const settings = postgres.settings({ user: "without" });
    await sourceStore(pool).add({ domain: DOMAIN, settings, freshMs: 1000 });
    await pool.end();
    await delay(1_100);
  });
  after(async () => {
    await world.stop();
    await postgres.remove();
  });

  const seen = () =>
    Promise.all(
      clients.map(async (client) => [client.name, await client.profileOf(NAME)] as const),
    );
  const sdk = () =>
    resolveProfile(NAME, {
      rpc: world.chain.rpcUrl,
      ensRegistry: world.ens.registry,
      allowLoopback: true,
    });

  it("insert: everybody finds it; stop the server: nobody takes it for absent; start: found again", async () => {
    for (const [client, found] of await seen()) expect(found, client).to.have.property("absent");
    const { address, signedUserProfile } = await signUp([`relay.${DOMAIN}`]);
    await postgres.put("zoe", { wallet: address, profile: JSON.stringify(signedUserProfile) });
    await delay(1_050);
    const expectFound = async () => {
      for (const [client, found] of await seen()) {
        const { profile } = found as { profile?: unknown };
        const text = encodeProfileRecord(signedUserProfile);
        expect([text, signedUserProfile], `${client}: ${JSON.stringify(found)}`).to.deep.include(
          profile,
        );
      }
      expect(await sdk()).to.include({ status: "found", name: NAME });
    };
    await expectFound();

    await postgres.server.stop();
    await delay(1_050);
    for (const [client, found] of await seen()) {
      // dm3's library takes every failure for an absent record (docs/clients.md)
      if (client.startsWith("dm3")) continue;
      expect(found, `${client}: ${JSON.stringify(found)}`).to.have.property("error");
    }
    const failed = await sdk();
    expect(failed.status, JSON.stringify(failed)).not.to.be.oneOf(["found", "absent"]);
    expect(failures.map(({ code }) => code)).to.include("SOURCE_UNAVAILABLE");

    await postgres.server.start();
    await delay(1_050);
    await expectFound();
  });
});
