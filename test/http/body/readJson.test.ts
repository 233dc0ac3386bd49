import { createServer, request as send, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import fc from "fast-check";
import { isSignpostError } from "../../../src/errors.js";
import { readJson } from "../../../src/http/body/readJson.js";

const MOST_BYTES = 4 * 1024 * 1024;
/** From here on bodies are read while they come. */
const LONG = 70_000;

describe("http/body/readJson", () => {
  let server: Server;
  let pauses = 0;
  before((done) => {
    server = createServer((request, response) => {
      const pause = () => {
        pauses++;
        return Promise.resolve();
      };
      readJson(request, { mostBytes: MOST_BYTES, pause }).then(
        (value) => response.end(JSON.stringify({ value: value ?? "nothing" })),
        (error: unknown) =>
          response.end(
            JSON.stringify({ code: isSignpostError(error) ? error.code : String(error) }),
          ),
      );
    }).listen(0, "127.0.0.1", done);
  });
  after(() => server.close());

  type Result = { readonly value?: unknown; readonly code?: string };

  function read(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      const outgoing = send({ port, host: "127.0.0.1", method: "POST", headers }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("end", () => {
          resolve(JSON.parse(text) as Result);
        });
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }
  const unreadable = { code: "INVALID_REQUEST" };

  it("reads long bodies as it reads short ones, whatever their values are", async () => {
    const padded = (value: unknown) => JSON.stringify(value) + " ".repeat(LONG);
    // but for a member that long bodies may not have, which has a test of its own
    const values = fc
      .jsonValue({ depthSize: "small" })
      .filter((value) => !JSON.stringify(value).includes('"__proto__"'));
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        const given = { value };
        const expected = JSON.parse(JSON.stringify({ value: given })) as Result;
        expect(await read(JSON.stringify(given))).to.deep.equal(expected);
        expect(await read(padded(given))).to.deep.equal(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("of one member that stands twice takes the last, in long bodies too", async () => {
    const twice = '{"a":1,"a":2}';
    expect(await read(twice)).to.deep.equal({ value: { a: 2 } });
    expect(await read(twice + " ".repeat(LONG))).to.deep.equal({ value: { a: 2 } });
  });

  it("takes no body for nothing, and a mark of the byte order for nothing as well", async () => {
    expect(await read("")).to.deep.equal({ value: "nothing" });
    for (const body of ["\ufeff[1]", `\ufeff[1]${" ".repeat(LONG)}`]) {
      expect(await read(body)).to.deep.equal({ value: [1] });
    }
  });

  it("refuses what is no JSON in UTF-8, is compressed, or goes on after its end: INVALID_REQUEST", async () => {
    const text = new TextEncoder();
    for (const filling of ["", " ".repeat(LONG)]) {
      for (const body of [
        "{",
        '{"a":',
        "[1,]",
        "[1]]",
        "[1] 2",
        "{'a':1}",
        "nul",
        '{"a" 1}',
        "\0",
      ]) {
        expect(await read(filling + body), body).to.deep.equal(unreadable);
      }
      const broken = new Uint8Array([...text.encode(`${filling}["`), 0xff, ...text.encode('"]')]);
      expect(await read(broken)).to.deep.equal(unreadable);
    }
    for (const headers of [
      { "content-encoding": "gzip" },
      { "content-type": "application/json; charset=utf-16" },
    ]) {
      expect(await read("[1]", headers)).to.deep.equal(unreadable);
    }
  });

  it("refuses long bodies that are deep, have millions of parts, or a member that would be a prototype", async () => {
    const filling = " ".repeat(LONG);
    const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    expect(await read(filling + deep(32))).to.not.have.property("code");
    expect(await read(filling + deep(33))).to.deep.equal(unreadable);
    expect(await read("[".repeat(3_000_000))).to.deep.equal(unreadable);
    expect(await read(`[${"[],".repeat(1_000_000)}[]]`)).to.deep.equal(unreadable);
    expect(await read(`${filling}{"__proto__":{"delete":true}}`)).to.deep.equal(unreadable);
    expect(await read(`${filling}{"a":"__proto__"}`)).to.deep.equal({ value: { a: "__proto__" } });
  });

  it("refuses what is too long before it is read, or as soon as it is: TOO_LARGE", async () => {
    const long = " ".repeat(MOST_BYTES);
    expect(await read(`${long.slice(2)}[]`)).to.deep.equal({ value: [] });
    expect(await read(`${long.slice(1)}[]`)).to.deep.equal({ code: "TOO_LARGE" });
    const chunked = { "transfer-encoding": "chunked" };
    expect(await read(`${long.slice(1)}[]`, chunked)).to.deep.equal({ code: "TOO_LARGE" });
  });

  it("lets others have their turn between the pieces of a long body", async () => {
    pauses = 0;
    await read("[]");
    expect(pauses).to.equal(0);
    await read(`${" ".repeat(1_000_000)}[]`);
    expect(pauses).to.be.at.least(1_000_000 / 16_384);
  });
});
