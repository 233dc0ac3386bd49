/** Stands before a relay node at the port that its record names: connections can be cut in the middle of anything. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface CuttableProxy {
  readonly origin: string;
  /** Cuts this share of the connections, whichever they are, and one at least where there is any. */
  cut(share: number): void;
  /** How many were cut so far. */
  readonly cuts: () => number;
  close(): Promise<void>;
}

export async function startCuttableProxy(targetPort: number): Promise<CuttableProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let cuts = 0;
  const server = createServer((client) => {
    const node = connect(targetPort, "127.0.0.1");
    const pair = [client, node] as const;
    pairs.add(pair);
    for (const [one, other] of [pair, [node, client]] as const) {
      one.on("error", () => undefined);
      one.on("close", () => {
        other.destroy();
        pairs.delete(pair);
      });
      one.pipe(other);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const cut = (share: number) => {
    const left = [...pairs];
    for (let count = Math.ceil(left.length * share); count > 0; count--) {
      const [pair] = left.splice(Math.floor(Math.random() * left.length), 1);
      if (pair === undefined) return;
      const [client, node] = pair;
      cuts++;
      client.resetAndDestroy();
      node.resetAndDestroy();
    }
  };
  return {
    origin: `http://127.0.0.1:${port}`,
    cut,
    cuts: () => cuts,
    close: async () => {
      server.close();
      cut(1);
      await once(server, "close");
    },
  };
}
