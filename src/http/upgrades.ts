/**
 * Connections that change their protocol (RFC 9110, section 7.8). Whoever asks for one that nobody here speaks gets a usual
 * answer: Java's client offers HTTP/2 with every request.
 */
import { type IncomingMessage, type RequestListener, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Takes a connection; returns false, and does nothing, for what it does not know. */
export type TakeUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;

/** @returns ends the connections that were taken; their clients come back */
export function takeUpgrades(
  server: Server,
  take: TakeUpgrade,
  listener: RequestListener,
): () => void {
  const taken = new Set<Duplex>();
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    if (take(request, socket, head)) {
      taken.add(socket);
      socket.once("close", () => taken.delete(socket));
    } else {
      answer(request, socket, listener);
    }
  });
  return () => {
    for (const socket of taken) socket.destroy();
  };
}

/** The parser has let go of the connection, so a body cannot be read any more. */
function answer(request: IncomingMessage, socket: Socket, listener: RequestListener): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once("finish", () => socket.end());
  const hasBody =
    request.headers["transfer-encoding"] !== undefined ||
    Number(request.headers["content-length"] ?? 0) > 0;
  if (!hasBody) {
    listener(request, response);
    return;
  }
  response.writeHead(400, { "content-type": "application/json; charset=utf-8" });
  const message = "Send requests with a body without asking for another protocol (Upgrade).";
  response.end(JSON.stringify({ code: "INVALID_REQUEST", message }));
}
