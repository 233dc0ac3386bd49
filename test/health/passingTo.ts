import type { ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Handler } from "../lookup/loopbackServer.js";

/** In front of the chain's own node, so that it can go away. */
export function passingTo(rpcUrl: string): Handler {
  return (request, response) => {
    void text(request).then((body) => passOn(rpcUrl, body, response));
  };
}

interface Syncing {
  readonly saysSo: boolean;
  /** How much older than the chain's own its latest block is, which then is the first one. */
  readonly seconds: number;
}

/** A node that knows an old chain by its latest block, and passes on whatever else it is asked. */
export function catchingUp(rpcUrl: string, { saysSo, seconds }: Syncing): Handler {
  return (request, response) => {
    void text(request).then(async (body) => {
      const asked = JSON.parse(body) as { readonly id: number; readonly method?: string };
      const answer = (result: unknown) => {
        send(response, 200, JSON.stringify({ jsonrpc: "2.0", id: asked.id, result }));
      };
      if (asked.method === "eth_syncing") {
        answer(saysSo && { startingBlock: "0x0", currentBlock: "0x1", highestBlock: "0xffff" });
      } else if (asked.method === "eth_getBlockByNumber") {
        const { result } = JSON.parse((await answerOf(rpcUrl, body)).text) as Block;
        const timestamp = `0x${(Number(result.timestamp) - seconds).toString(16)}`;
        answer({ ...result, timestamp, ...(seconds > 0 && { number: "0x1" }) });
      } else await passOn(rpcUrl, body, response);
    });
  };
}

interface Block {
  readonly result: { readonly timestamp: string };
}

async function passOn(rpcUrl: string, body: string, response: ServerResponse): Promise<void> {
  const { status, text } = await answerOf(rpcUrl, body);
  send(response, status, text);
}

async function answerOf(rpcUrl: string, body: string) {
  const answered = await fetch(rpcUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  return { status: answered.status, text: await answered.text() };
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}
