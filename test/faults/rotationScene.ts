/** An admin's world on a chain of its own: ENS, Postgres, gateways to start and stop, and `signpost resolver` itself. */
import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { expect } from "chai";
import { ContractFactory } from "ethers";
import { fromHex } from "../../src/abi/hex.js";
import {
  type RegistryService,
  startRegistryService,
} from "../../src/capabilities/registry/registryService.js";
import { ownArtifact } from "../../src/chain/artifacts.js";
import type { LocalChain } from "../../src/demo/localChain.js";
import { deployLocalEns, type LocalEns } from "../../src/demo/localEns.js";
import { signUp } from "../../src/demo/people.js";
import { encodeProfileRecord } from "../../src/dm3/profile/profileRecord.js";
import { addressFrom, checksumAddress } from "../../src/ens/address.js";
import type { SignpostError } from "../../src/errors.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { runResolver } from "../cli/resolver/runResolver.js";
import type { Evm } from "../e2e/evms.js";
import { type LoopbackServer, serve } from "../lookup/loopbackServer.js";

/** Long enough for a lookup on a busy machine, short enough to wait for its end in a test. */
const VALIDITY_SEC = 8;

export interface TestGateway {
  readonly service: RegistryService;
  /** The private key, 32 bytes. */
  readonly key: Uint8Array;
  /** Checksummed address of its gatewaySigner. */
  readonly signer: string;
}

/** In production, the TLS proxy in front of a gateway. */
export interface Proxy extends LoopbackServer {
  passTo(gateway: TestGateway): void;
}

/** What `signpost resolver ... --json` prints. */
type Result = Readonly<Record<string, unknown>> & { readonly outcome?: string };

export interface RotationScene {
  readonly chain: LocalChain;
  readonly ens: LocalEns;
  /** Of all gateways. */
  readonly databaseUrl: string;
  /** Two accounts that the RPC node signs for, checksummed. */
  readonly owner: string;
  readonly newOwner: string;
  /** What went wrong on the side of any gateway. */
  readonly failures: readonly SignpostError[];
  /** On the common database, with a new key, or with the one of another gateway. */
  startGateway(key?: Uint8Array, validitySec?: number): Promise<TestGateway>;
  startProxy(gateway: TestGateway): Promise<Proxy>;
  /** Runs `signpost resolver` as `account`. */
  admin(account: string, ...args: string[]): Promise<Result>;
  /** Deploys a contract of contracts/test. */
  deploy(source: string, ...values: unknown[]): Promise<string>;
  /** Lets the gateways serve `domain` for `resolver`, and publishes a user of each label: records by name. */
  publish(
    service: RegistryService,
    domain: string,
    resolver: string,
    labels: readonly string[],
  ): Promise<Map<string, string>>;
  close(): Promise<void>;
}

export async function openRotationScene(evm: Evm): Promise<RotationScene> {
  const chain = await evm.start();
  const closing: (() => Promise<void>)[] = [() => chain.stop()];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const ens = await deployLocalEns(chain.admin);
    const database = await openScratchDatabase();
    closing.push(() => database.close());
    const [owner = "", newOwner = ""] = await accountsOf(chain);
    const failures: SignpostError[] = [];
    return {
      chain,
      ens,
      databaseUrl: database.url,
      owner,
      newOwner,
      failures,
      startGateway: async (key = randomBytes(32), validitySec = VALIDITY_SEC) => {
        const signer = localGatewaySigner(key);
        const service = await startRegistryService({
          databaseUrl: database.url,
          signer,
          validitySec,
          host: "127.0.0.1",
          port: 0,
          reportFailure: (error) => failures.push(error),
        });
        closing.push(() => service.stop());
        return { service, key, signer: checksumAddress(signer.address) };
      },
      startProxy: async (gateway) => {
        const server = await serve(passingTo(gateway));
        closing.push(() => server.close());
        return Object.assign(server, {
          passTo: (next: TestGateway) => {
            server.handler = passingTo(next);
          },
        });
      },
      admin: async (account, ...args) => {
        const flags = ["--rpc-account", account, "--yes", "--json"];
        const { out, exitStatus } = await runResolver(chain.rpcUrl, [...args, ...flags]);
        expect(exitStatus, out).to.equal(0);
        return JSON.parse(out) as Result;
      },
      deploy: async (source, ...values) => {
        const { abi, bytecode } = await ownArtifact(source);
        const factory = new ContractFactory(abi, bytecode, chain.admin);
        return (await (await factory.deploy(...values)).waitForDeployment()).getAddress();
      },
      publish: async (service, domain, resolver, labels) => {
        const apiKey = apiKeyFrom(randomBytes(32));
        const served = { domain, chainId: chain.chainId, resolver: addressFrom(fromHex(resolver)) };
        await addDomain(service.domains, served, apiKey);
        const records = new Map<string, string>();
        for (const label of labels) {
          const name = `${label}.${domain}`;
          records.set(name, await publishUser(service.url, apiKey, name));
        }
        return records;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function accountsOf({ provider }: LocalChain): Promise<string[]> {
  return (await provider.listAccounts()).map(({ address }) => address);
}

/** Returns the record that clients have to find. */
async function publishUser(apiUrl: string, apiKey: string, name: string): Promise<string> {
  const { address, signedUserProfile } = await signUp(["relay.users.example.eth"]);
  const response = await fetch(`${apiUrl}/v1/names/${name}/profile`, {
    method: "PUT",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ address, signedUserProfile }),
  });
  expect(response.status, await response.text()).to.equal(201);
  return encodeProfileRecord(signedUserProfile);
}

function passingTo({ service }: TestGateway): LoopbackServer["handler"] {
  return (incoming, outgoing) => {
    const { method, headers, url = "/" } = incoming;
    const forward = request(new URL(url, service.url), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forward.on("error", () => outgoing.writeHead(502).end());
    incoming.pipe(forward);
  };
}
