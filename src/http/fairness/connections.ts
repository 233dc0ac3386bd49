/** Connections, shared among the networks that open them: an address, or of IPv6 the 64 bits that are one customer's. */
import type { Server, Socket } from "node:net";
import { holdings } from "../../gateway/holdings.js";
import { networkOfPeer } from "../clientAddress.js";

/**
 * A network may hold as many connections as are free at the moment: one that opens more and more ends up with half of
 * them, with the other half left to everybody else. A proxy in front of everybody has half as well, which is enough:
 * proxies use a connection again and again. What is over that is closed before anything is read.
 *
 * @param places how many connections there are for all
 */
export function shareConnections(server: Server, places: number): void {
  const held = holdings(places);
  server.on("connection", (socket: Socket) => {
    const network = networkOfPeer(socket.remoteAddress);
    if (held.heldBy(network) >= held.free) {
      socket.destroy();
      return;
    }
    held.take(network, 1);
    socket.once("close", () => {
      held.giveBack(network, 1);
    });
  });
}
