/**
 * What becomes of a body that nobody wants. Node would read it to its end to use the connection again, and 15 MB of it cost
 * more than the refusal.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { announcedBytes, DROPPED_BYTES } from "./readJson.js";

/** For the client to read the refusal, while its body waits on the way. */
const LINGER_MS = 1_000;

/** To be called before the refusal is sent: a long body is left where it is, and the connection is closed soon after. */
export function leaveUnread(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete || announcedBytes(request, Infinity) <= DROPPED_BYTES) return;
  // whoever listens to a body reads it, so Node does not; only one buffer of it is taken
  request.on("readable", () => undefined);
  response.once("finish", () => {
    setTimeout(() => request.socket.destroy(), LINGER_MS);
  });
}
