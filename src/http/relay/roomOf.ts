/**
 * How much more a live connection may be handed. What its client has not read yet is in our memory, so one that reads nothing
 * holds little more than this, and not its mailbox; the rest stays in the store.
 */
import type { EventEmitter } from "node:events";
import type { Socket } from "socket.io";

const MOST_PACKETS = 100;
const MOST_BYTES = 1024 * 1024;

/** What socket.io has beneath a connection (engine.io 6). */
interface Connection extends EventEmitter {
  readonly writeBuffer: readonly { readonly data?: string }[];
  readonly transport: Transport;
}

/** Says "drain" when all that it was given is on its way. */
interface Transport extends EventEmitter {
  /** Of a WebSocket. Polling has none: it takes nothing more before its client asks. */
  readonly socket?: { readonly bufferedAmount: number };
}

export interface Room {
  readonly isLeft: () => boolean;
}

/** @param onRoom called when there is room again, after it was found that there is none */
export function roomOf(socket: Socket, onRoom: () => void): Room {
  const connection = socket.conn as unknown as Connection;
  let isAwaited = false;
  const isLeft = () => {
    const { writeBuffer, transport } = connection;
    const waiting = writeBuffer.reduce((sum, { data = "" }) => sum + data.length, 0);
    const bytes = waiting + (transport.socket?.bufferedAmount ?? 0);
    const is = writeBuffer.length < MOST_PACKETS && bytes < MOST_BYTES;
    isAwaited = !is;
    return is;
  };
  const follow = (transport: Transport) =>
    transport.on("drain", () => {
      if (isAwaited && isLeft()) onRoom();
    });
  follow(connection.transport);
  connection.on("upgrade", follow);
  return { isLeft };
}
