/**
 * What comes over a connection before socket.io reads it. dm3's clients send text alone, and before they are let in nothing but
 * their token: of everything else socket.io would keep and parse as much as the longest envelope takes.
 */
import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import { isSignpostError } from "../../errors.js";
import type { RelayDoor } from "./relayDoor.js";

/** What socket.io has beneath it (engine.io 6). */
export interface Engine {
  on(event: "connection", listener: (connection: Connection) => void): unknown;
}

export interface Connection extends EventEmitter {
  /** `sid` in its requests. */
  readonly id: string;
  readonly request: IncomingMessage;
  close(atOnce: boolean): void;
}

interface Packet {
  readonly type: string;
  data?: unknown;
}

/** A token and a name, with what stands around them. */
const LONGEST_FIRST_CHARS = 16_384;

/** Counts the packets of strangers as requests, and ends connections that say something else than their clients do. */
export function guardPackets(
  engine: Engine,
  door: RelayDoor,
  isKnown: (connection: object) => boolean,
): void {
  const isTaken = (connection: Connection, data: unknown) => {
    if (typeof data !== "string") return false;
    if (isKnown(connection)) return true;
    return data.length <= LONGEST_FIRST_CHARS && isCounted(door, connection.request);
  };
  engine.on("connection", (connection) => {
    connection.on("packet", (packet: Packet) => {
      if (packet.type !== "message" || isTaken(connection, packet.data)) return;
      // else socket.io would still read it
      packet.data = "";
      connection.close(true);
    });
  });
}

/** Counts a request. False for a network that made too many. */
export const isCounted = (door: RelayDoor, request: IncomingMessage) =>
  isWithin(() => {
    door.count(request);
  });

/** False for a network that was refused too often. */
export const isHeard = (door: RelayDoor, request: IncomingMessage) =>
  isWithin(() => {
    door.assertHeard(request);
  });

function isWithin(count: () => void): boolean {
  try {
    count();
    return true;
  } catch (error) {
    if (isSignpostError(error, "LIMIT_EXCEEDED")) return false;
    throw error;
  }
}
