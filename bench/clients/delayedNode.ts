/** An RPC node as it is far away: every HTTP request waits before it is passed on, however many questions it holds. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

export interface DelayedNode {
  readonly url: string;
  /** HTTP requests since the last time that this was asked. */
  takeCount(): number;
  close(): Promise<void>;
}

export async function startDelayedNode(rpcUrl: string, delayMs: number): Promise<DelayedNode> {
  let count = 0;
  const server = createServer((request, response) => {
    void (async () => {
      count++;
      const body = await buffer(request);
      await delay(delayMs);
      const headers = { "content-type": "application/json" };
      const answer = await fetch(rpcUrl, { method: "POST", body, headers });
      response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()));
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    takeCount: () => {
      const taken = count;
      count = 0;
      return taken;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
