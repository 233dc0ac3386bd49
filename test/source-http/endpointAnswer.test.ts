import { expect } from "chai";
import { type EndpointAnswer, readAnswer } from "../../src/source-http/endpointAnswer.js";

const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

interface Said {
  readonly status?: number;
  readonly type?: string | null;
  readonly encoding?: string;
  readonly body?: unknown;
}

/** What is made of an answer for alice: JSON where the body is no text or bytes. */
function read({ status = 200, type = "application/json", encoding, body }: Said): EndpointAnswer {
  const headers = new Map<string, string>();
  if (type !== null) headers.set("content-type", type);
  if (encoding !== undefined) headers.set("content-encoding", encoding);
  const text = typeof body === "string" ? body : JSON.stringify(body ?? null);
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(text);
  return readAnswer("alice", { status, headers, body: bytes });
}

const yes = { label: "alice", wallet: WALLET };
const no = { label: "alice", error: "NO_SUCH_USER" };

describe("source-http/endpointAnswer", () => {
  it("reads a yes with everything", () => {
    const body = {
      label: "alice",
      wallet: WALLET,
      profile: '{"profile":{},"signature":"0x"}',
      texts: { url: "https://example.com", avatar: null },
      addresses: { "0": "0x0014", "60": null },
      contenthash: "0xe301",
    };
    expect(read({ body })).to.deep.equal({
      kind: "yes",
      row: {
        wallet: WALLET,
        profile: body.profile,
        texts: new Map([["url", "https://example.com"]]),
        addresses: new Map([["0", "0x0014"]]),
        contenthash: "0xe301",
      },
    });
  });

  it("reads a yes with nothing: a user without records", () => {
    const nothing = {
      ...{ wallet: null, profile: null, contenthash: null },
      ...{ texts: new Map<string, string>(), addresses: new Map<string, string>() },
    };
    expect(read({ body: { label: "alice" } })).to.deep.equal({ kind: "yes", row: nothing });
    const nulls = { label: "alice", wallet: null, profile: null, contenthash: null };
    expect(read({ body: nulls })).to.deep.equal({ kind: "yes", row: nothing });
  });

  it("takes a row of 16 KiB, and knows one that is longer", () => {
    const texts = (length: number) => ({ label: "alice", texts: { a: "é".repeat(length / 2) } });
    expect(read({ body: texts(16_384) })).to.have.nested.property("row.texts");
    expect(read({ body: texts(16_386) })).to.deep.equal({ kind: "yes", row: "tooLarge" });
    const both = { ...texts(16_384), addresses: { "0": "0x" } };
    expect(read({ body: both })).to.deep.equal({ kind: "yes", row: "tooLarge" });
  });

  it("reads a no", () => {
    expect(read({ status: 404, body: no })).to.deep.equal({ kind: "no" });
  });

  for (const type of ["application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"']) {
    it(`takes ${type}`, () => {
      expect(read({ type, body: yes }).kind).to.equal("yes");
      expect(read({ type, status: 404, body: no }).kind).to.equal("no");
    });
  }

  it("takes Content-Encoding: identity", () => {
    expect(read({ encoding: "identity", body: yes }).kind).to.equal("yes");
  });

  const DOCUMENTED = "answer not as documented";
  const FALSE_404 = "HTTP 404 without NO_SUCH_USER";
  const unknown: Readonly<Record<string, readonly [Said, string]>> = {
    "401": [{ status: 401, body: no }, "signature refused (HTTP 401)"],
    "429": [{ status: 429, body: no }, "HTTP 429"],
    "500": [{ status: 500, body: no }, "HTTP 500"],
    "503 with a yes": [{ status: 503, body: yes }, "HTTP 503"],
    "204": [{ status: 204, body: "" }, "HTTP 204"],
    "206 with a yes": [{ status: 206, body: yes }, "HTTP 206"],
    "410 with a no": [{ status: 410, body: no }, "HTTP 410"],
    "400 with a no": [{ status: 400, body: no }, "HTTP 400"],
    "200 with a no": [{ body: no }, DOCUMENTED],
    "404 with a yes": [{ status: 404, body: yes }, FALSE_404],
    "404 with an empty body": [{ status: 404, body: "" }, FALSE_404],
    "404 in HTML": [{ status: 404, type: "text/html", body: "<h1>Not found</h1>" }, FALSE_404],
    "404 of another API": [{ status: 404, body: { error: "NOT_FOUND" } }, FALSE_404],
    "404 without the label": [{ status: 404, body: { error: "NO_SUCH_USER" } }, FALSE_404],
    "404 with the text alone": [{ status: 404, body: '"NO_SUCH_USER"' }, FALSE_404],
    "404 with more": [{ status: 404, body: { ...no, wallet: WALLET } }, FALSE_404],
    "404 as text": [{ status: 404, type: "text/plain", body: no }, FALSE_404],
    "404 compressed": [{ status: 404, encoding: "gzip", body: no }, FALSE_404],
    "404 for somebody else": [
      { status: 404, body: { ...no, label: "bob" } },
      "answer for another label",
    ],
    "a yes for somebody else": [{ body: { ...yes, label: "bob" } }, "answer for another label"],
    "a yes for Alice": [{ body: { ...yes, label: "Alice" } }, "answer for another label"],
    "a yes without the label": [{ body: { wallet: WALLET } }, DOCUMENTED],
    "a page": [{ type: "text/html", body: "<p>" }, "answer not of type application/json"],
    "no content type": [{ type: null, body: yes }, "answer not of type application/json"],
    "JSON as text": [{ type: "text/json", body: yes }, "answer not of type application/json"],
    "a type that begins alike": [
      { type: "application/json-seq", body: yes },
      "answer not of type application/json",
    ],
    "another charset": [
      { type: "application/json; charset=latin1", body: yes },
      "answer not of type application/json",
    ],
    gzip: [{ encoding: "gzip", body: yes }, "compressed answer"],
    br: [{ encoding: "br", body: yes }, "compressed answer"],
    "no JSON": [{ body: "{" }, DOCUMENTED],
    "an empty body": [{ body: "" }, DOCUMENTED],
    null: [{ body: null }, DOCUMENTED],
    "a list": [{ body: [yes] }, DOCUMENTED],
    "no UTF-8": [{ body: Uint8Array.of(0x22, 0xff, 0x22) }, DOCUMENTED],
    "a misspelt member": [{ body: { label: "alice", walet: WALLET } }, DOCUMENTED],
    "an error in 200": [{ body: { label: "alice", error: "DATABASE_DOWN" } }, DOCUMENTED],
    "a wallet as number": [{ body: { ...yes, wallet: 7 } }, DOCUMENTED],
    "a profile as object": [{ body: { ...yes, profile: {} } }, DOCUMENTED],
    "texts as list": [{ body: { ...yes, texts: [] } }, DOCUMENTED],
    "a text as object": [{ body: { ...yes, texts: { url: {} } } }, DOCUMENTED],
    "a text as boolean": [{ body: { ...yes, texts: { url: true } } }, DOCUMENTED],
    "an address as number": [{ body: { ...yes, addresses: { "0": 1 } } }, DOCUMENTED],
    "a contenthash as list": [{ body: { ...yes, contenthash: [] } }, DOCUMENTED],
    "JSON that is nested deeply": [
      { body: `{"label":"alice","texts":${"[".repeat(30_000)}${"]".repeat(30_000)}}` },
      DOCUMENTED,
    ],
  };
  for (const [title, [said, fault]] of Object.entries(unknown)) {
    it(`takes ${title} for neither`, () => {
      expect(read(said)).to.deep.equal({ kind: "unknown", fault });
    });
  }

  it("takes members of every object's prototype for text keys like others", () => {
    const body = '{"label":"alice","texts":{"constructor":"a","toString":"b","__proto__":"c"}}';
    const answer = read({ body });
    if (answer.kind !== "yes" || typeof answer.row === "string") throw new Error("no row");
    expect(answer.row.texts.get("constructor")).to.equal("a");
    expect(answer.row.texts.get("toString")).to.equal("b");
    expect(answer.row.texts.get("hasOwnProperty")).to.equal(undefined);
    expect(({} as Record<string, unknown>)["c"]).to.equal(undefined);
  });
});
