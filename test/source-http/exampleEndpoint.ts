/** The route of docs/examples that services copy, as a server on this machine. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Router } from "express";
import type { PublicKeyJwk } from "../../src/registry/sources/httpSettings.js";

const EXAMPLE = new URL("../../docs/examples/http-source/endpoint.mjs", import.meta.url);

export interface EndpointParts {
  /** By default where it is served, `/signpost`. */
  readonly publicUrl?: string;
  readonly publicKey: PublicKeyJwk;
  readonly findUser: (label: string) => Promise<object | null>;
  /** In seconds. */
  readonly now?: () => number;
}

export interface ExampleEndpoint {
  /** http://127.0.0.1:port */
  readonly origin: string;
  readonly close: () => Promise<void>;
}

export async function serveExample(parts: EndpointParts, port = 0): Promise<ExampleEndpoint> {
  const { signpostEndpoint } = (await import(EXAMPLE.href)) as {
    signpostEndpoint: (parts: EndpointParts) => Router;
  };
  const app = express();
  // otherwise express tells of errors on the console
  app.set("env", "test");
  const server = await new Promise<Server>((resolve, reject) => {
    const listening = app.listen(port, "127.0.0.1", (error) => {
      if (error) reject(error);
      else resolve(listening);
    });
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  app.use(signpostEndpoint({ publicUrl: `${origin}/signpost`, ...parts }));
  return {
    origin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
