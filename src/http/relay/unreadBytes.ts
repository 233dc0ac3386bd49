/**
 * Bytes of packets that are not whole yet. socket.io keeps them until the rest has come, and takes from everybody as much as the
 * longest envelope needs: a thousand connections that each begin a long packet would take a gigabyte. So of whoever has not
 * shown a token little is read at all; those who have share what there is, network by network.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex, Readable } from "node:stream";
import { holdings } from "../../gateway/holdings.js";
import type { Connection, Engine } from "./packetGuard.js";

/** Of one WebSocket, or of one request by polling: what a token takes, several times. */
const MOST_OF_STRANGER = 64 * 1024;
/** For all together; a network that alone floods us has half. */
const LEAST_BYTES = 32 * 1024 * 1024;
const LONGEST_PACKETS = 16;

export interface UnreadBytesParts {
  readonly engine: Engine;
  /** Empty where that may be everybody. */
  readonly networkOf: (request: IncomingMessage) => string | null;
  readonly isKnown: (connection: object) => boolean;
  /** In bytes. */
  readonly longestPacket: number;
}

/** @returns what bounds a WebSocket, or the body of a request; to be called when socket.io listens to it already */
export function boundUnread({ engine, networkOf, isKnown, longestPacket }: UnreadBytesParts) {
  const bytes = holdings(Math.max(LEAST_BYTES, LONGEST_PACKETS * longestPacket));
  const opened = new WeakMap<IncomingMessage, Connection>();
  const byId = new Map<string, Connection>();
  engine.on("connection", (connection) => {
    opened.set(connection.request, connection);
    byId.set(connection.id, connection);
    connection.once("close", () => byId.delete(connection.id));
  });

  /** What engine.io made of a request; of one that opened a connection, a moment later. */
  function connectionOf(request: IncomingMessage): Connection | undefined {
    const sid = new URL(request.url ?? "", "http://relay").searchParams.get("sid");
    return sid === null ? opened.get(request) : byId.get(sid);
  }

  return (request: IncomingMessage, stream: Duplex | Readable): void => {
    const network = networkOf(request) ?? "";
    let [read, held] = [0, 0];
    let connection: Connection | undefined;
    const letGo = () => {
      bytes.giveBack(network, held);
      held = 0;
    };
    const isTooMuch = (length: number) => {
      const isStranger = connection === undefined || !isKnown(connection);
      if (isStranger && read > MOST_OF_STRANGER) return true;
      return bytes.heldBy(network) + length > bytes.free - length;
    };
    // before socket.io, whose packets let go of what they are made of
    stream.prependListener("data", ({ length }: Uint8Array) => {
      connection ??= connectionOf(request)?.on("packet", letGo);
      read += length;
      if (isTooMuch(length)) {
        stream.destroy();
        return;
      }
      bytes.take(network, length);
      held += length;
    });
    stream.once("close", () => {
      connection?.off("packet", letGo);
      letGo();
    });
  };
}
