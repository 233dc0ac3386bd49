/** The RPC nodes of two chains: one that hangs, one that says of every wallet that it signed. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { AbiCoder } from "ethers";
import { ANSWERING_CHAIN, HANGING_CHAIN } from "./target.js";

/** As WalletSignatureCheck.sol numbers its verdicts. */
const ACCEPTED = 2;

export interface RpcNodes {
  /** The setting CHAIN_RPC_URLS. */
  readonly setting: string;
  close(): Promise<void>;
}

export async function startRpcNodes(): Promise<RpcNodes> {
  const server = createServer((request, response) => {
    if (request.url === "/hangs") return void request.resume();
    void answerTo(request).then((body) => {
      response.setHeader("content-type", "application/json").end(body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = (path: string) => `http://127.0.0.1:${port}/${path}`;
  return {
    setting: `${HANGING_CHAIN}=${url("hangs")},${ANSWERING_CHAIN}=${url("answers")}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answerTo(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { id, method } = JSON.parse(Buffer.concat(chunks).toString()) as {
    id: number;
    method: string;
  };
  return JSON.stringify({ jsonrpc: "2.0", id, result: resultOf(method) });
}

function resultOf(method: string): string {
  if (method === "eth_chainId") return `0x${ANSWERING_CHAIN.toString(16)}`;
  if (method === "eth_blockNumber") return "0x10";
  if (method !== "eth_call") return "0x";
  return AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [ANSWERING_CHAIN, ACCEPTED]);
}
