/** A server in front of our own relay node: by itself it passes on everything; a test bends one thing of it. */
import { createServer, type IncomingMessage, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { io } from "socket.io-client";

export interface Asked {
  readonly method: string;
  /** Behind the base. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Of a JSON-RPC call, or empty. */
  readonly call: string;
  /** The envelope that is submitted; empty where none is. */
  readonly envelope: string;
}

export interface Sent {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export type Bend = (sent: Sent, asked: Asked) => void;

export interface LiveBend {
  /** Whoever comes is greeted, whatever the token. */
  readonly admitsAll?: true;
  /** Nobody is greeted. */
  readonly refusesAll?: true;
  /** To how many connections, from the newest on, a message is pushed. */
  readonly mostPushed?: number;
}

export interface BentNode {
  readonly url: string;
  bend: Bend;
  /** Before it is passed on: what is answered in its place, or null. */
  answer: (asked: Asked) => Sent | null;
  live: LiveBend;
  straighten(): void;
  close(): Promise<void>;
}

const straight = {
  bend: () => undefined,
  answer: () => null,
  live: {},
} satisfies Partial<BentNode>;

/** @param target the URL of a relay node that ends with /ds */
export async function openBentNode(target: string): Promise<BentNode> {
  const server = createServer((request, response) => {
    void passOn(target, request, node)
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body))
      .catch(() => response.destroy());
  });
  const sockets = passOnLive(server, new URL(target).origin, () => node.live);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const node: BentNode = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ds`,
    ...straight,
    straighten: () => Object.assign(node, straight),
    close: async () => {
      server.closeAllConnections();
      await sockets.close();
    },
  };
  return node;
}

async function passOn(target: string, request: IncomingMessage, node: BentNode): Promise<Sent> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  const asked = askedBy(request, body);
  const instead = node.answer(asked);
  if (instead !== null) return instead;
  const { method } = asked;
  const passed = [
    ...["content-type", "authorization", "origin"],
    ...["access-control-request-method", "access-control-request-headers"],
  ];
  const answer = await fetch(target + asked.path, {
    method,
    headers: passed.flatMap((name) => {
      const value = request.headers[name];
      return typeof value === "string" ? [[name, value] as [string, string]] : [];
    }),
    ...(body !== "" && { body }),
  });
  const headers = Object.fromEntries(
    [...answer.headers].filter(
      ([name]) => name === "content-type" || name.startsWith("access-control-"),
    ),
  );
  const sent = { status: answer.status, headers, body: await answer.text() };
  node.bend(sent, asked);
  return sent;
}

function askedBy({ method = "", url = "", headers }: IncomingMessage, body: string): Asked {
  const path = url.replace(/^\/ds/, "");
  const isRpc = method === "POST" && !/^\/(profile|auth|delivery)/.test(path);
  const { method: call, params } = (isRpc ? Object(jsonIn(body)) : {}) as {
    readonly method?: unknown;
    readonly params?: readonly unknown[];
  };
  const [first] = Array.isArray(params) ? (params as readonly unknown[]) : [];
  const isSubmit = call === "dm3_submitMessage";
  return {
    ...{ method, path, headers, body },
    call: typeof call === "string" ? call : "",
    envelope: !isSubmit ? "" : typeof first === "string" ? first : JSON.stringify(first ?? ""),
  };
}

export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Each connection has one of its own to the relay node. */
function passOnLive(server: HttpServer, origin: string, bend: () => LiveBend): Server {
  const sockets = new Server(server);
  sockets.on("connection", (socket) => {
    const { admitsAll, refusesAll } = bend();
    const behind = io(origin, {
      ...{ transports: ["websocket"], reconnection: false, forceNew: true },
      auth: socket.handshake.auth,
    });
    const greet = () => {
      if (refusesAll === true) socket.disconnect(true);
      else socket.emit("authorized");
    };
    behind.on("authorized", greet);
    behind.on("connect_error", () => {
      if (admitsAll === true) greet();
      else socket.disconnect(true);
    });
    behind.on("message", (envelope: unknown) => {
      const { mostPushed = Infinity } = bend();
      const newer = [...sockets.sockets.sockets.keys()].toReversed().indexOf(socket.id);
      if (newer < mostPushed) socket.emit("message", envelope);
    });
    socket.on("disconnect", () => behind.disconnect());
  });
  return sockets;
}
