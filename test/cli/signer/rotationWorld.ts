/** An installation that serves resolvers on a real chain, and `signpost signer rotate` as a program beside it. */
import { domainStore } from "../../../src/db/domainStore.js";
import { signerStore } from "../../../src/db/signerStore.js";
import { type LocalChain, startLocalChain } from "../../../src/demo/localChain.js";
import { parseAddress } from "../../../src/ens/address.js";
import { addDomain } from "../../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../../src/registry/domains/apiKey.js";
import { startProgram } from "../../childProgram.js";
import { type MigratedPool, openMigratedPool } from "../../db/migratedPool.js";
import { bytes } from "../../db/sampleNames.js";
import { deployOwn } from "../resolver/adminWorld.js";

/** Nobody answers there. */
const NOWHERE = "http://127.0.0.1:1/{data}";

export interface RotationWorld {
  readonly chain: LocalChain;
  readonly database: MigratedPool;
  /** The accounts that the node signs for, checksummed. */
  readonly accounts: readonly string[];
  /** Deploys a resolver, and serves a domain with it; returns its address. */
  serve(domain: string, settings: Deployed): Promise<string>;
  /** Runs `signpost signer rotate ...args`, with nobody at the terminal. */
  rotate(args: readonly string[], rpcUrls?: string): Promise<Ran>;
  signersOf(resolver: string): Promise<readonly string[]>;
  /** As a gateway does that signs by it, so long ago. */
  note(signer: string, agoSec: number): Promise<void>;
  transactionsBy(account: string): Promise<number>;
  stop(): Promise<void>;
}

interface Deployed {
  readonly owner: string;
  readonly signers: readonly string[];
  readonly urls?: readonly string[];
}

interface Ran {
  readonly exitStatus: number | null;
  readonly stdout: string;
  /** With standard error. */
  readonly output: string;
}

export async function startRotationWorld(): Promise<RotationWorld> {
  const chain = await startLocalChain();
  const database = await openMigratedPool();
  const contracts = new Map<string, Awaited<ReturnType<typeof deployOwn>>>();
  return {
    chain,
    database,
    accounts: (await chain.provider.listAccounts()).map(({ address }) => address),
    serve: async (domain, { owner, signers, urls = [NOWHERE] }) => {
      const values = [owner, signers, urls, 300];
      const contract = await deployOwn(chain, "OffchainResolver", ...values);
      const address = await contract.getAddress();
      contracts.set(address, contract);
      const served = { domain, chainId: chain.chainId, resolver: parseAddress(address) };
      await addDomain(domainStore(database.pool), served, apiKeyFrom(bytes(32, domain.length)));
      return address;
    },
    rotate: async (args, rpcUrls = `${chain.chainId.toString()}=${chain.rpcUrl}`) => {
      const program = startProgram("src/cli/main.ts", ["signer", "rotate", ...args], {
        settings: { DATABASE_URL: database.url, CHAIN_RPC_URLS: rpcUrls },
        cwd: "/tmp",
      });
      const { exitStatus, stdout } = await program.ended;
      return { exitStatus, stdout, output: program.output() };
    },
    signersOf: async (resolver) => {
      const found = (await contracts
        .get(resolver)
        ?.getFunction("signers")
        .staticCall()) as string[];
      return [...found];
    },
    note: async (signer, agoSec) => {
      const address = parseAddress(signer);
      await signerStore(database.pool).note(address, []);
      await database.pool.query(
        "update gateway_signer set last_at = now() - make_interval(secs => $2) where address = $1",
        [address, agoSec],
      );
    },
    transactionsBy: (account) => chain.provider.getTransactionCount(account),
    stop: async () => {
      await database.close();
      await chain.stop();
    },
  };
}
