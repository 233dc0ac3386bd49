import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Handler } from "../lookup/loopbackServer.js";

/** What a node says of itself while it catches up. */
export const CATCHING_UP = { startingBlock: "0x0", currentBlock: "0x1", highestBlock: "0xffff" };

/** Answers one question itself, and passes on all others. */
export function answering(method: string, result: unknown, passOn: Handler): Handler {
  return (request, response) => {
    void (async () => {
      const body = await text(request);
      const asked = JSON.parse(body) as Question | Question[];
      if (Array.isArray(asked) || asked.method !== method) {
        passOn(Object.assign(Readable.from([body]), { url: "/" }) as IncomingMessage, response);
        return;
      }
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ jsonrpc: "2.0", id: asked.id, result }));
    })();
  };
}

interface Question {
  readonly id: number;
  readonly method: string;
}

/** In front of the chain's own node, so that it can go away. */
export function passingTo(rpcUrl: string): Handler {
  return (request, response) => {
    void (async () => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const answered = await fetch(rpcUrl, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      response
        .writeHead(answered.status, { "content-type": "application/json" })
        .end(await answered.text());
    })();
  };
}
