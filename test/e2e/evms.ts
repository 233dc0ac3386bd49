/** Two EVMs that have nothing in common but the specification, each as a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { JsonRpcProvider } from "ethers";
import { freePort } from "../../src/demo/freePort.js";
import type { LocalChain } from "../../src/demo/localChain.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HARDHAT = `${ROOT}node_modules/hardhat/internal/cli/bootstrap.js`;
/** An optional dependency, for this platform alone. */
const ANVIL = `${ROOT}node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil`;

const START_TIMEOUT_MS = 120_000;
/** More than a second, so that no two blocks fall into one: hardhat's clock would run ahead by a second each time. */
const HARDHAT_BLOCK_INTERVAL_MS = 1_100;

export interface Evm {
  readonly name: string;
  start(): Promise<LocalChain>;
}

/** Blocks come by themselves on both, and at no other time. */
export const hardhatNode: Evm = {
  name: "hardhat's node",
  start: async () => {
    const port = await freePort();
    const chain = await startNode(process.execPath, [HARDHAT, "node", "--port", String(port)], {
      port,
      chainId: 31337n,
    });
    await chain.provider.send("evm_setAutomine", [false]);
    await chain.provider.send("evm_setIntervalMining", [HARDHAT_BLOCK_INTERVAL_MS]);
    return chain;
  },
};

/** With a chain id that commands do not take for local: they wait for two confirmations, as on public chains. */
export const anvil: Evm | null =
  process.platform === "linux" && process.arch === "x64" && existsSync(ANVIL)
    ? {
        name: "anvil",
        start: async () => {
          const port = await freePort();
          const chainId = 31_338n;
          const args = ["--port", String(port), "--chain-id", String(chainId), "--block-time", "1"];
          return startNode(ANVIL, args, { port, chainId });
        },
      }
    : null;

/**
 * On the end of its standard input the shell ends the node: so it never outlives this process, however that ends.
 * The shell itself must not die before, by a Ctrl-C that is meant for all.
 */
const TETHER = 'trap "" INT HUP; "$@" & node=$!; cat > /dev/null; kill $node; wait $node';

async function startNode(
  program: string,
  args: readonly string[],
  { port, chainId }: { port: number; chainId: bigint },
): Promise<LocalChain> {
  const shell = spawn("sh", ["-c", TETHER, "sh", program, ...args], {
    cwd: ROOT,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: process.env["HOME"] ?? "",
      HARDHAT_DISABLE_TELEMETRY_PROMPT: "true",
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [shell.stdout, shell.stderr]) {
    // the end is what tells why it did not start; it prints every call
    stream.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_000)));
  }
  const closed = once(shell, "close");
  const rpcUrl = `http://127.0.0.1:${port}`;
  const stop = async () => {
    shell.stdin.end();
    await closed;
  };
  if (!(await answers(rpcUrl, chainId))) {
    await stop();
    throw new Error(`${program} did not answer on ${rpcUrl}:\n${output}`);
  }
  const provider = new JsonRpcProvider(rpcUrl, chainId, {
    staticNetwork: true,
    cacheTimeout: -1,
    pollingInterval: 100,
  });
  return {
    rpcUrl,
    chainId,
    provider,
    admin: await provider.getSigner(0),
    stop: async () => {
      provider.destroy();
      await stop();
    },
  };
}

async function answers(rpcUrl: string, chainId: bigint): Promise<boolean> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
  const headers = { "content-type": "application/json" };
  const deadlineMs = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadlineMs) {
    try {
      const response = await fetch(rpcUrl, { method: "POST", headers, body });
      const { result } = (await response.json()) as { result?: string };
      if (result !== undefined && BigInt(result) === chainId) return true;
    } catch {
      // it does not listen yet
    }
    await delay(50);
  }
  return false;
}
