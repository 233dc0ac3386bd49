/** A chain of one's own: hardhat's EVM behind a real JSON-RPC port. Only in a clone, where hardhat is there. */
import { once } from "node:events";
import { createServer } from "node:net";
import { EnsPlugin, JsonRpcProvider, type JsonRpcSigner, Network } from "ethers";
import hre from "hardhat";
import { SignpostError } from "../errors.js";

export interface LocalChain {
  readonly rpcUrl: string;
  readonly chainId: bigint;
  readonly provider: JsonRpcProvider;
  /** A funded account. */
  readonly admin: JsonRpcSigner;
  stop(): Promise<void>;
}

const HOST = "127.0.0.1";

/** Blocks come by themselves, as on any chain: the expiry of answers is compared with the latest block's time. */
const BLOCK_INTERVAL_MS = 2000;

/** Hardhat's own task names; its types do not list them. */
interface RpcServer {
  listen(): Promise<{ address: string; port: number }>;
  close(): Promise<void>;
}

/**
 * @param port 0 takes a free one
 * @throws INVALID_CONFIGURATION when the port cannot be listened on
 */
export async function startLocalChain(port = 0): Promise<LocalChain> {
  // hardhat's server would end the process
  if (port !== 0) await assertFree(port);
  await startAfresh();
  const server = (await hre.run("node:create-server", {
    hostname: HOST,
    port,
    provider: hre.network.provider,
  })) as RpcServer;
  const listening = await server.listen();
  await hre.network.provider.send("evm_setIntervalMining", [BLOCK_INTERVAL_MS]);
  const rpcUrl = `http://${HOST}:${listening.port}`;
  const chainId = BigInt(hre.network.config.chainId ?? 31337);
  const provider = new JsonRpcProvider(rpcUrl, chainId, { staticNetwork: true, cacheTimeout: -1 });
  return {
    rpcUrl,
    chainId,
    provider,
    admin: await provider.getSigner(0),
    stop: async () => {
      provider.destroy();
      await hre.network.provider.send("evm_setIntervalMining", [0]);
      await server.close();
    },
  };
}

async function assertFree(port: number): Promise<void> {
  const server = createServer().listen(port, HOST);
  try {
    await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The chain cannot listen on port ${port} (${code}). Choose another one, or none for a free one.`,
      {},
      { cause: error },
    );
  } finally {
    server.close();
  }
}

/**
 * A chain of its own, whose clock is right: every block that was made before has pushed the clock a second ahead, and
 * after a reset it stands where it stood when the process began.
 */
async function startAfresh(): Promise<void> {
  const { provider } = hre.network;
  await provider.send("hardhat_reset");
  const genesis = (await provider.send("eth_getBlockByNumber", ["latest", false])) as {
    timestamp: string;
  };
  const nowSec = Math.floor(Date.now() / 1000);
  if (nowSec <= Number(genesis.timestamp)) return;
  await provider.send("evm_setNextBlockTimestamp", [nowSec]);
  await provider.send("evm_mine");
}

/** ethers as an application configures it for a chain whose ENS registry is not Ethereum's. */
export function ensProvider(
  rpcUrl: string,
  chainId: bigint,
  ensRegistry: string,
  universalResolver?: string,
): JsonRpcProvider {
  const network = new Network("local", chainId).attachPlugin(
    new EnsPlugin(ensRegistry, Number(chainId), universalResolver),
  );
  return new JsonRpcProvider(rpcUrl, network, { staticNetwork: true, cacheTimeout: -1 });
}
