/** Stands between two mail servers, and cuts a connection at the moment when the mail was taken: its sender never hears it. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface CuttingProxy {
  readonly port: number;
  /** How many of the next answers "2.6.0 Kept" do not arrive. */
  cuts: number;
  readonly cutSoFar: () => number;
  readonly stop: () => Promise<void>;
}

export async function startCuttingProxy(targetPort: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let cut = 0;
  const server = createServer((client) => {
    const target = connect(targetPort, "127.0.0.1");
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        target.destroy();
      });
    }
    client.pipe(target);
    target.on("data", (data: Buffer) => {
      if (data.includes("250 2.6.0") && proxy.cuts > 0) {
        proxy.cuts--;
        cut++;
        client.destroy();
      } else client.write(data);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: CuttingProxy = {
    port: (server.address() as AddressInfo).port,
    cuts: 0,
    cutSoFar: () => cut,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return proxy;
}
