/** The gateways behind the resolvers: one that is well, and one for each way in which a gateway is not. */
import { randomBytes } from "node:crypto";
import pg from "pg";
import {
  type RegistryService,
  startRegistryService,
} from "../../src/capabilities/registry/registryService.js";
import { type GatewaySigner, localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";
import { answer, deadUrl, serve } from "../lookup/loopbackServer.js";
import type { GatewayState } from "./clientCases.js";

const VALIDITY_SEC = 240;
const HOUR_MS = 3_600_000;

export interface Gateways {
  readonly signer: GatewaySigner;
  readonly healthy: RegistryService;
  /** Its database will not answer in time. */
  readonly unavailable: { readonly service: RegistryService; readonly database: ScratchDatabase };
  /** The origins that each resolver publishes, in order. */
  readonly origins: Readonly<Record<GatewayState, readonly string[]>>;
}

/** @param closing gets what has to be called, last first, to stop them */
export async function startGateways(closing: (() => Promise<unknown>)[]): Promise<Gateways> {
  const signer = localGatewaySigner(randomBytes(32));
  const open = async () => {
    const database = await openScratchDatabase();
    closing.push(() => database.close());
    return database;
  };
  const start = async (database: ScratchDatabase, nowMs?: () => number) => {
    const service = await startRegistryService({
      databaseUrl: database.url,
      signer,
      validitySec: VALIDITY_SEC,
      host: "127.0.0.1",
      port: 0,
      // the outages here are intended; what clients see of them is what is tested
      reportFailure: () => undefined,
      ...(nowMs && { nowMs }),
    });
    closing.push(() => service.stop());
    return service;
  };
  const database = await open();
  const healthy = await start(database);
  // signs answers whose time is over for whoever has the right time
  const expired = await start(database, () => Date.now() - HOUR_MS);
  const slowDatabase = await open();
  const unavailable = { service: await start(slowDatabase), database: slowDatabase };
  const nobody = await deadUrl();
  const proxy = await serve(
    answer("<html><h1>502 Bad Gateway</h1></html>", { status: 502, type: "text/html" }),
  );
  closing.push(() => proxy.close());
  return {
    signer,
    healthy,
    unavailable,
    origins: {
      healthy: [healthy.url],
      expired: [expired.url],
      wrongSigner: [healthy.url],
      refused: [nobody],
      unavailable: [unavailable.service.url],
      proxyError: [proxy.url],
      refusedThenHealthy: [nobody, healthy.url],
      unavailableThenHealthy: [unavailable.service.url, healthy.url],
      proxyErrorThenHealthy: [proxy.url, healthy.url],
    },
  };
}

/** No statement on a table is done before the returned function is called. */
export async function holdAllTables({
  url,
  schema,
}: ScratchDatabase): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ table: string }>(
    `select format('%I.%I', schemaname, tablename) as "table" from pg_tables where schemaname = $1`,
    [schema],
  );
  await client.query("begin");
  await client.query(`lock table ${rows.map(({ table }) => table).join(", ")}`);
  return () => client.end();
}
