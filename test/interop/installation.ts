/** An installation that serves what a vector says, on a real Postgres, and takes what wallets signed at a given time. */
import { fromHex } from "../../src/abi/hex.js";
import { domainStore } from "../../src/db/domainStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { addressFrom } from "../../src/ens/address.js";
import { namehash } from "../../src/ens/namehash.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { changeName } from "../../src/registry/changes/changeName.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { nameState } from "../../src/registry/names/nameState.js";
import { NO_CHAINS } from "../../src/registry/signed/contractWallets.js";
import { carryOut } from "../../src/registry/signed/signedOperation.js";
import {
  assertReadsHistory,
  signedAction,
  verifySignedRequest,
} from "../../src/registry/signed/signedRequest.js";
import type { RegistryStores } from "../../src/registry/store.js";
import { parseInput } from "../../src/wire/parseInput.js";
import {
  parseSignedOperation,
  signedOperationSchema,
} from "../../src/wire/signedOperationSchema.js";
import { signedRequestSchema } from "../../src/wire/signedRequestSchema.js";
import { type MigratedPool, openMigratedPool } from "../db/migratedPool.js";
import { bytes } from "../db/sampleNames.js";
import type { NameRequestInput } from "./make/nameRequests.js";

type Served = Pick<NameRequestInput, "domain" | "resolvers" | "before">;

export interface Installation {
  /** Forgets everything, serves the domain to wallets, and takes what was signed before. */
  begin(served: Served): Promise<void>;
  /** A request as `POST /v1/requests` and, for readHistory, `POST /v1/histories` take it. */
  takeRequest(body: unknown, atSec: number): Promise<void>;
  /** A message as `POST /v1/operations/<chain id>/<resolver>` takes it; what the function returns. */
  takeMessage(
    body: unknown,
    at: { readonly chainId: string; readonly resolver: string },
    atSec: number,
  ): Promise<Uint8Array>;
  /** The state of a name, as JSON brings it. */
  state(name: string): Promise<unknown>;
  close(): Promise<void>;
}

export async function openInstallation(): Promise<Installation> {
  const database = await openMigratedPool();
  const stores = { names: nameStore(database.pool), domains: domainStore(database.pool) };
  const takeRequest = (body: unknown, atSec: number) => takeRequestOf(stores, body, atSec);
  return {
    takeRequest,
    async begin({ domain, resolvers, before }) {
      await forgetAll(database);
      const [first, ...others] = resolvers.map(({ chainId, resolver }) => ({
        chainId: BigInt(chainId),
        resolver: addressFrom(fromHex(resolver)),
        domain,
      }));
      await addDomain(stores.domains, first!, apiKeyFrom(bytes(32, 1)));
      for (const other of others) await stores.domains.connectResolver(other);
      await stores.domains.changeDomain(domain, { policy: { claims: "wallets" } });
      for (const { atSec, body } of before) await takeRequest(body, atSec);
    },
    async takeMessage(body, { chainId, resolver }, atSec) {
      const signedFor = { chainId: BigInt(chainId), resolver: addressFrom(fromHex(resolver)) };
      const parsed = parseInput(signedOperationSchema, "The body", body);
      const operation = parseSignedOperation(parsed, signedFor);
      return (await carryOut(stores, operation, NO_CHAINS, () => atSec * 1000)).returned;
    },
    async state(name) {
      const stored = await stores.names.nameOf(namehash(name));
      return JSON.parse(JSON.stringify(stored && nameState(stored))) as unknown;
    },
    close: () => database.close(),
  };
}

async function takeRequestOf(stores: RegistryStores, given: unknown, atSec: number): Promise<void> {
  const body = parseInput(signedRequestSchema, "The body", given);
  const verified = await verifySignedRequest(stores.domains, body);
  const { request, authority } = verified;
  const { name, domain, action } = request;
  if (action === "readHistory") {
    const node = namehash(name);
    const signatureState = await stores.names.signatureStateOf(node);
    assertReadsHistory(verified, await stores.names.nameOf(node), signatureState, atSec * 1000);
    return;
  }
  const actions = [signedAction(verified)];
  await changeName(stores, { domain, name, actions, authority }, () => atSec * 1000);
}

/** Histories are kept by a trigger, which nothing but a test puts out of the way. */
async function forgetAll({ pool }: MigratedPool): Promise<void> {
  await pool.query(`
    alter table name_history disable trigger user;
    delete from name_history; delete from retired_profile; delete from name_head; delete from name;
    delete from resolver; delete from api_key; delete from domain;
    alter table name_history enable trigger user`);
}
