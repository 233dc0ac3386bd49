/** Requests of one connection, one after the other. */
import type { RequestListener } from "node:http";

/**
 * A client may send many requests before it reads an answer (pipelining, RFC 9112, section 9.3.2), and Node hands on all
 * that one packet brings: a client that reads nothing would have us make a hundred answers, and keep them. So each
 * waits until the answer before it has left. Clients of ENS, browsers and proxies send no other way.
 */
export function oneByOne(listener: RequestListener): RequestListener {
  return (request, response) => {
    // Node gives it the connection when the answer before it has been written
    if (response.socket === null) {
      response.once("socket", () => {
        listener(request, response);
      });
    } else {
      listener(request, response);
    }
  };
}
