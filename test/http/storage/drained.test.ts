import { Writable } from "node:stream";
import { expect } from "chai";
import { drained } from "../../../src/http/storage/drained.js";

describe("http: waiting for a client to take what it was given", () => {
  const slow = () => new Writable({ highWaterMark: 1, write: () => undefined });

  it("ends at once when the client has gone before", async () => {
    const response = slow();
    response.write("piece");
    response.destroy();
    await new Promise((resolve) => response.once("close", resolve));
    await drained(response);
    expect(response.destroyed).to.equal(true);
  });

  it("ends when the client goes, and when it has taken everything", async () => {
    const leaving = slow();
    leaving.write("piece");
    const left = drained(leaving);
    leaving.destroy();
    await left;
    const taking = new Writable({
      highWaterMark: 1,
      write: (_piece, _encoding, done) => void setImmediate(done),
    });
    taking.write("piece");
    await drained(taking);
    expect(taking.writableLength).to.equal(0);
  });
});
