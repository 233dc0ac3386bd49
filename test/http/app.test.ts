import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { createHttpApp } from "../../src/http/app.js";

describe("http/app", () => {
  it("never answers with a page of express and its stack, not even where the refusal itself fails", async () => {
    const reported: string[] = [];
    const app = createHttpApp({
      handlers: [
        {
          path: "/v1",
          handler: () => {
            throw new Error("secret of the stack");
          },
          statuses: { INVALID_REQUEST: 400, TOO_LARGE: 413, INTERNAL: 500 },
        },
      ],
      readiness: () => Promise.resolve({ reasons: [], warnings: [] }),
      reportFailure: ({ message }) => {
        reported.push(message);
        if (reported.length <= 2) throw new Error("the log is gone");
      },
    });
    const server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/v1/x`);
    expect({ status: answer.status, text: await answer.text() }).to.deep.equal({
      status: 500,
      text: "",
    });
    expect(reported).to.have.length(3);
    server.closeAllConnections();
    server.close();
  });
});
