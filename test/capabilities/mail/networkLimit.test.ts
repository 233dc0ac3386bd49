/** Who shares one allowance at the bridge's HTTP routes: the same as at all others. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import express from "express";
import { bridgeRoutes } from "../../../src/capabilities/mail/bridgeRoutes.js";
import { parseTrustedProxies } from "../../../src/http/clientAddress.js";
import { rateLimits } from "../../../src/http/fairness/rateLimits.js";

/** Of one network, an hour. */
const MOST_LOOKUPS = 300;

describe("limits of the bridge's HTTP routes", () => {
  it("count by IPv4 address, by /64 of IPv6, and not where a proxy that nobody told of may be everybody", async () => {
    const routes = bridgeRoutes({
      ...{ mailDomain: "bridge.example", counter: rateLimits(() => 0, 100) },
      longNames: { nameOf: () => Promise.resolve(null) },
      certificateOf: () => Promise.resolve(null),
      introduce: () => Promise.reject(new Error("Nobody is introduced here.")),
      ownCertificate: () => Promise.reject(new Error("Nobody asks for it.")),
      trusted: parseTrustedProxies("127.0.0.1"),
      reportFailure: () => undefined,
    });
    const app = express();
    for (const route of routes) if (route.kind === "handler") app.use(route.path, route.handler);
    app.use(((error: { code?: string }, _request, response, next) => {
      if (error.code === "LIMIT_EXCEEDED") response.sendStatus(429);
      else if (error.code === "NOT_FOUND") response.sendStatus(404);
      else next(error);
    }) satisfies express.ErrorRequestHandler);
    const server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = server.address() as AddressInfo;
      const askAs = async (client: string | null) => {
        const { status } = await fetch(`http://127.0.0.1:${port}/bridge/contacts/alice.eth`, {
          headers: client === null ? {} : { "x-forwarded-for": client },
        });
        return status;
      };
      for (const client of ["203.0.113.5", "2001:db8:1:2::5", null]) {
        for (let count = 0; count < MOST_LOOKUPS; count++)
          expect(await askAs(client)).to.equal(404);
      }
      expect(await askAs("203.0.113.5")).to.equal(429);
      expect(await askAs("203.0.113.6")).to.equal(404);
      expect(await askAs("2001:db8:1:2:ffff::6")).to.equal(429);
      expect(await askAs("2001:db8:1:3::5")).to.equal(404);
      expect(await askAs(null)).to.equal(404);
    } finally {
      server.close();
    }
  });
});
