/**
 * Stands before the RPC node: hundreds of clients that come and go ask ENS the same again and again, which a chain in the same
 * process as they would answer too slowly. What it answered to a call is answered so for a while.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

const REMEMBERED_MS = 30_000;

interface Call {
  readonly id: unknown;
  readonly method: string;
  readonly params: unknown;
}

export interface RememberingRpc {
  readonly url: string;
  /** What it knows: records have changed. */
  forget(): void;
  close(): Promise<void>;
}

export async function startRememberingRpc(rpcUrl: string): Promise<RememberingRpc> {
  const known = new Map<string, { readonly answer: Promise<object>; readonly atMs: number }>();

  async function ask(method: string, params: unknown): Promise<object> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const headers = { "content-type": "application/json" };
    const response = await fetch(rpcUrl, { method: "POST", headers, body });
    return (await response.json()) as object;
  }

  async function answer({ id, method, params }: Call): Promise<object> {
    const key = JSON.stringify([method, params]);
    let found = known.get(key);
    if (found === undefined || Date.now() - found.atMs > REMEMBERED_MS) {
      found = { answer: ask(method, params), atMs: Date.now() };
      known.set(key, found);
    }
    return { ...(await found.answer), id };
  }

  const server = createServer((request, response) => {
    const work = async () => {
      const asked = JSON.parse(await textOf(request)) as Call | Call[];
      const answered = Array.isArray(asked)
        ? await Promise.all(asked.map(answer))
        : await answer(asked);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answered));
    };
    work().catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    forget: () => {
      known.clear();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
