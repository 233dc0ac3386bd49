/** The HTTP server around the app: what it bears of its clients, and how it comes up and goes down. */
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, Server as NetServer, type Socket } from "node:net";
import { SignpostError } from "../errors.js";
import { shareConnections } from "./fairness/connections.js";
import { oneByOne } from "./fairness/oneByOne.js";
import { answerUnreadable } from "./unreadable.js";
import { type TakeUpgrade, takeUpgrades } from "./upgrades.js";

/** Of those that send a body, each may hold 8 KiB that no share counts. */
const MOST_CONNECTIONS = 2_000;

/** Requests take milliseconds; one that is still under way after this is one whose client stopped sending. */
const LONGEST_STOP_MS = 10_000;

/** A request may be on its way to us on a connection that looks idle; or it never comes. */
const SILENCE_MS = 500;

/** What stands still for so long, and not because we work on it, is one whose client neither sends nor reads. */
const STANDSTILL_MS = 20_000;

export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly reportFailure: (error: SignpostError) => void;
  /**
   * After how long without a byte in either direction a connection is cut off, in milliseconds; 20,000 unless given.
   * Node waits once more where an answer waits to be read.
   */
  readonly standstillMs?: number;
  /** Takes connections that change their protocol; without it, all requests are usual ones. */
  readonly upgrade?: TakeUpgrade | undefined;
}

/** Listens, or throws INVALID_CONFIGURATION when the address cannot be listened on. */
export async function startServer(app: RequestListener, options: ServerOptions): Promise<Server> {
  // slow and silent clients cost memory: what is not sent in time is cut off
  const server = createServer(
    {
      requestTimeout: 15_000,
      headersTimeout: 10_000,
      connectionsCheckingInterval: 2_000,
      // longer than proxies keep theirs, so that it is the proxy that lets go: otherwise a request can meet a
      // connection that is being closed
      keepAliveTimeout: 75_000,
    },
    oneByOne(app),
  );
  server.maxConnections = MOST_CONNECTIONS;
  // and what is not read in time as well: it would hold its connection, one of so many, for ever
  cutOffStandstill(server, options.standstillMs ?? STANDSTILL_MS);
  server.on("clientError", answerUnreadable);
  shareConnections(server, MOST_CONNECTIONS);
  noteSilentSockets(server);
  if (options.upgrade !== undefined) {
    endTaken.set(server, takeUpgrades(server, options.upgrade, app));
  }
  await listen(server, options);
  server.on("error", (cause) => {
    options.reportFailure(new SignpostError("INTERNAL", "The HTTP server failed.", {}, { cause }));
  });
  return server;
}

/** But not where the request is whole and its answer has not begun: ten thousand names may take longer, and be written. */
function cutOffStandstill(server: Server, afterMs: number): void {
  server.timeout = afterMs;
  server.on("timeout", (socket: Socket & { _httpMessage?: ServerResponse | null }) => {
    const answer = socket._httpMessage;
    if (answer && !answer.headersSent && answer.req.complete) socket.setTimeout(afterMs);
    else socket.destroy();
  });
}

/** Where it listens, without a trailing slash. */
export function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

/** Takes no new connection, finishes the requests under way, and cuts off what takes longer than 10 s. */
export function stopServer(server: Server): Promise<void> {
  // a connection that is kept alive would take the next request, and the server would never close
  server.prependListener("request", (_request, response) => {
    response.setHeader("connection", "close");
  });
  endTaken.get(server)?.();
  let idle: NodeJS.Timeout | undefined;
  const silent = setTimeout(() => {
    // a browser opens connections in advance; one that still has not asked for anything never will
    for (const socket of silentSockets.get(server) ?? []) socket.destroy();
    server.closeIdleConnections();
    idle = setInterval(() => {
      server.closeIdleConnections();
    }, 50);
  }, SILENCE_MS);
  const late = setTimeout(() => {
    server.closeAllConnections();
  }, LONGEST_STOP_MS);
  return new Promise((resolve) => {
    // not http's own close, which cuts idle connections at once, and with them the requests on their way
    NetServer.prototype.close.call(server, () => {
      clearInterval(idle);
      clearTimeout(silent);
      clearTimeout(late);
      resolve();
    });
  });
}

/** Of each server, what ends the connections that changed their protocol: Node does not know them any more. */
const endTaken = new WeakMap<Server, () => void>();

/** Connections on which no request has come yet: Node does not count them as idle. */
const silentSockets = new WeakMap<Server, Set<Socket>>();

function noteSilentSockets(server: Server): void {
  const silent = new Set<Socket>();
  silentSockets.set(server, silent);
  server.on("connection", (socket) => {
    silent.add(socket);
    socket.once("close", () => silent.delete(socket));
  });
  server.prependListener("request", ({ socket }) => silent.delete(socket));
}

function listen(server: Server, { host, port }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const refused = (error: Error) => {
      reject(
        new SignpostError(
          "INVALID_CONFIGURATION",
          `Cannot listen on ${host}:${port} (${error.message}); choose a free port and an address of this machine.`,
        ),
      );
    };
    server.once("error", refused);
    server.listen(port, host, () => {
      server.off("error", refused);
      resolve();
    });
  });
}
