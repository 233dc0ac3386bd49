/** HTTP servers on this machine, each written for one test: gateways and hosts, mostly hostile ones. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface LoopbackServer {
  /** http://127.0.0.1:port */
  readonly url: string;
  /** "METHOD /path" of every request so far. */
  readonly requests: string[];
  /** What answers from now on. */
  handler: Handler;
  close(): Promise<void>;
}

export async function serve(handler: Handler): Promise<LoopbackServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    loopback.handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const loopback: LoopbackServer = {
    url: `http://127.0.0.1:${port}`,
    requests,
    handler,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return loopback;
}

/** A URL on this machine where nothing listens. */
export async function deadUrl(): Promise<string> {
  const server = await serve(() => undefined);
  await server.close();
  return server.url;
}

export function answer(
  body: string | Uint8Array,
  { status = 200, type = "application/json" } = {},
): Handler {
  return (_request, response) => {
    response.writeHead(status, { "content-type": type }).end(body);
  };
}

export function answerJson(body: unknown, status = 200): Handler {
  return answer(JSON.stringify(body), { status });
}

/** An RPC node that answers each question, alone or among others, by what `answerTo` gives for it. */
export function answerRpc(
  answerTo: (method: string) => { readonly result: unknown } | { readonly error: object },
): Handler {
  const one = ({ id, method }: Asked) => ({ jsonrpc: "2.0", id, ...answerTo(method) });
  return (request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const asked = JSON.parse(Buffer.concat(parts).toString()) as Asked | Asked[];
      answerJson(Array.isArray(asked) ? asked.map(one) : one(asked))(request, response);
    });
  };
}

interface Asked {
  readonly id: number;
  readonly method: string;
}

export function redirectTo(location: string): Handler {
  return (_request, response) => {
    response.writeHead(302, { location }).end();
  };
}

/** Begins an answer and never ends it. */
export const never: Handler = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json" }).write("{");
};

/** Sends without end, as fast as it is read. */
export const endless: Handler = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const chunk = new Uint8Array(65_536).fill(0x20);
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", more);
  more();
};
