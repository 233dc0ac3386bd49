import type { ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Handler } from "../lookup/loopbackServer.js";

/** In front of the chain's own node, so that it can go away. */
export function passingTo(rpcUrl: string): Handler {
  return (request, response) => {
    void text(request).then((body) => passOn(rpcUrl, body, response));
  };
}

/** Says of itself that it catches up, and passes on whatever else it is asked. */
export function catchingUp(rpcUrl: string): Handler {
  return (request, response) => {
    void text(request).then((body) => {
      const asked = JSON.parse(body) as { readonly id: number; readonly method?: string };
      if (asked.method !== "eth_syncing") return passOn(rpcUrl, body, response);
      const result = { startingBlock: "0x0", currentBlock: "0x1", highestBlock: "0xffff" };
      send(response, 200, JSON.stringify({ jsonrpc: "2.0", id: asked.id, result }));
    });
  };
}

async function passOn(rpcUrl: string, body: string, response: ServerResponse): Promise<void> {
  const answered = await fetch(rpcUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  send(response, answered.status, await answered.text());
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}
