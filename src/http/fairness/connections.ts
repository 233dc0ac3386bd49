/** Connections, shared among the addresses that open them. */
import type { Server, Socket } from "node:net";

/**
 * An address may hold as many connections as are free at the moment: one that opens more and more ends up with half of
 * them, with the other half left to everybody else. A proxy in front of everybody has half as well, which is enough:
 * proxies use a connection again and again. What is over that is closed before anything is read.
 *
 * @param places how many connections there are for all
 */
export function shareConnections(server: Server, places: number): void {
  const held = new Map<string, number>();
  let free = places;
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const mine = held.get(address) ?? 0;
    if (mine >= free) {
      socket.destroy();
      return;
    }
    free--;
    held.set(address, mine + 1);
    socket.once("close", () => {
      free++;
      const left = (held.get(address) ?? 1) - 1;
      if (left > 0) held.set(address, left);
      else held.delete(address);
    });
  });
}
