import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import express from "express";
import { refuse } from "../../src/http/refuse.js";

const STATUSES = { INVALID_REQUEST: 400, TOO_LARGE: 413, INTERNAL: 500 };

describe("http/refuse", () => {
  it("reports an error behind the headers as any other, and cuts the answer off", async () => {
    const reported: string[] = [];
    const app = express();
    app.get("/", (_request, response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("half");
      throw new Error("behind the headers");
    });
    app.use(
      refuse(STATUSES, ({ code, cause }) => {
        reported.push(`${code}: ${String(cause)}`);
      }),
    );
    const server = app.listen(0, "127.0.0.1");
    await once(server, "listening");
    const printed: unknown[] = [];
    const { error } = console;
    console.error = (...what: unknown[]) => printed.push(what);
    try {
      const { port } = server.address() as AddressInfo;
      const cut = await fetch(`http://127.0.0.1:${port}/`)
        .then((response) => response.text())
        .catch((thrown: unknown) => thrown);
      expect(cut).to.be.instanceOf(Error);
      expect(reported).to.deep.equal(["INTERNAL: Error: behind the headers"]);
      expect(printed).to.deep.equal([]);
    } finally {
      console.error = error;
      server.close();
    }
  });
});
