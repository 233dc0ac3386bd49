/**
 * socket.io, as dm3's clients speak it (4.8): `authorized`, `message`, and `submitMessage` with its acknowledgement.
 *
 * Its own recovery of connections is off: it needs a history to work with, and ours is the store. A token that ran out is no
 * reason to refuse or to close a connection, because dm3's client cannot get a new one for it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { Server, type Socket } from "socket.io";
import type { TakeQuestion } from "../../accounts/directory.js";
import { openSession, type Session, type SessionParts } from "../../accounts/session.js";
import { isSignpostError, type SignpostError } from "../../errors.js";
import { numberOfCursor } from "../../relay/cursor.js";
import type { Listener } from "../../relay/listeners.js";
import type { Live } from "../../relay/live.js";
import { RECONNECT_SEC, type Tokens } from "../accounts/tokens.js";
import type { ClientNetwork } from "../clientAddress.js";
import { type Engine, guardPackets, isCounted, isHeard } from "./packetGuard.js";
import type { RelayDoor } from "./relayDoor.js";
import { roomOf } from "./roomOf.js";
import { rpcRefusal } from "./rpcRefusals.js";
import { boundUnread } from "./unreadBytes.js";

export interface LiveSocketParts extends Pick<SessionParts, "directory" | "accounts"> {
  readonly tokens: Tokens;
  readonly live: Live;
  readonly door: RelayDoor;
  readonly networkOf: ClientNetwork;
  /** As `dm3_submitMessage`. */
  readonly submit: (envelope: unknown, take: TakeQuestion) => Promise<void>;
  readonly sizeLimit: number;
  readonly reportFailure: (error: SignpostError) => void;
}

export interface LiveSockets {
  /** Its requests that are no upgrades: long polling. */
  readonly take: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  readonly close: () => Promise<void>;
}

const PATH = "/socket.io/";
const POLL_MS = 1_000;
/** Whoever connects has so long to give its token. By polling it holds memory, and no connection that is counted. */
const AUTHORIZE_MS = 10_000;
const MOST_SUBMITS_UNDER_WAY = 16;
/** Longer ones close the connection without an answer, so those of usual envelopes stay far below. */
const LEAST_PACKET_BYTES = 1_000_000;

/** The reference's words. */
const REFUSED = "check token has failed for WS";

export function liveSockets(parts: LiveSocketParts): LiveSockets {
  const { live, sizeLimit } = parts;
  /** The connections of those who showed a token that counts. */
  const known = new WeakSet();
  // never listens: it is where socket.io expects requests to come from
  const entrance = createServer();
  const longestPacket = Math.max(LEAST_PACKET_BYTES, 3 * sizeLimit);
  const io = new Server(entrance, {
    path: PATH,
    serveClient: false,
    cors: { origin: "*" },
    maxHttpBufferSize: longestPacket,
    connectTimeout: AUTHORIZE_MS,
  });
  const isKnown = (connection: object) => known.has(connection);
  const engine: Engine = io.engine;
  guardPackets(engine, parts.door, isKnown);
  const bound = boundUnread({ engine, networkOf: parts.networkOf, isKnown, longestPacket });
  io.use((socket, next) => {
    void sessionOf(parts, socket).then(
      (session) => {
        sessions.set(socket, session);
        known.add(socket.conn);
        next();
      },
      () => {
        next(new Error(REFUSED));
      },
    );
  });
  const sessions = new WeakMap<Socket, Session>();
  io.on("connection", (socket) => {
    const session = sessions.get(socket);
    if (session === undefined) socket.disconnect();
    else welcome(parts, socket, session);
  });
  const polling = setInterval(() => void live.poll(), POLL_MS);
  polling.unref();

  const isOurs = ({ url = "" }: IncomingMessage) =>
    url.startsWith(PATH) || url.startsWith(`${PATH.slice(0, -1)}?`);
  return {
    take: (request, response) => {
      if (!isOurs(request)) return false;
      if (!isCounted(parts.door, request)) {
        response.writeHead(429, { connection: "close" }).end();
        return true;
      }
      entrance.emit("request", request, response);
      if (request.method === "POST") bound(request, request);
      return true;
    },
    upgrade: (request, socket, head) => {
      if (!isOurs(request)) return false;
      if (!isCounted(parts.door, request)) {
        socket.end("HTTP/1.1 429 Too Many Requests\r\nconnection: close\r\n\r\n");
        return true;
      }
      entrance.emit("upgrade", request, socket, head);
      bound(request, socket);
      return true;
    },
    close: async () => {
      clearInterval(polling);
      await io.close();
    },
  };
}

/** Throws for whoever may not listen. Where that cannot be found out now, it is before anything is pushed. */
async function sessionOf(parts: LiveSocketParts, socket: Socket): Promise<Session> {
  const { account, token } = socket.handshake.auth as Readonly<Record<string, unknown>>;
  const { ensName } = Object(account) as { readonly ensName?: unknown };
  const session = await parts.tokens.readToken(String(token), RECONNECT_SEC);
  try {
    await openSession(parts, String(ensName), session);
  } catch (error) {
    if (!isSignpostError(error, "UNREACHABLE", "DATABASE_UNAVAILABLE")) throw error;
  }
  return session;
}

function welcome(parts: LiveSocketParts, socket: Socket, session: Session): void {
  const { live, door, submit, networkOf, reportFailure } = parts;
  const room = roomOf(socket, () => {
    live.kick(session.address);
  });
  const listener: Listener = {
    session,
    network: networkOf(socket.request),
    isReady: () => socket.connected && room.isLeft(),
    push: (envelope) => socket.emit("message", envelope),
    end: () => socket.disconnect(true),
  };
  let submitsUnderWay = 0;

  socket.use(([event], next) => {
    // whatever else it says, nobody listens to
    if (event === "submitMessage") next();
    else refuseUnread();
  });
  function refuseUnread(): void {
    door.countRefusal(socket.request);
    if (!isHeard(door, socket.request)) socket.disconnect(true);
  }

  socket.on("submitMessage", (data: unknown, answer: unknown) => {
    const reply =
      typeof answer === "function" ? (answer as (result: object) => void) : () => undefined;
    if (submitsUnderWay >= MOST_SUBMITS_UNDER_WAY || !isHeard(door, socket.request)) {
      reply({ error: "Limit exceeded" });
      refuseUnread();
      return;
    }
    submitsUnderWay++;
    const { envelop } = Object(data) as { readonly envelop?: unknown };
    void door
      .asSender(socket.request, (take) => submit(envelop ?? null, take))
      .then(
        () => {
          reply({ response: "success" });
        },
        (thrown: unknown) => {
          const { error, status, rpcError } = rpcRefusal(thrown);
          if (status >= 500) reportFailure(error);
          reply({ error: rpcError.message, ...rpcError.data });
        },
      )
      .finally(() => submitsUnderWay--);
  });
  socket.on("disconnect", () => {
    live.leave(listener);
  });
  socket.emit("authorized");
  live.join(listener, afterOf(socket)).catch(() => {
    // the store did not tell where to go on; the client comes back and asks again
    socket.disconnect(true);
  });
}

/** Where a client of ours was. */
function afterOf(socket: Socket): number | null {
  const { after } = socket.handshake.auth as { readonly after?: unknown };
  return typeof after === "string" ? numberOfCursor(after) : null;
}
