/** docs/source-http.md: its questions are what we ask, and the route to copy gives its answers to them. */
import { createPublicKey, verify } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { request as send } from "undici";
import { readAnswer } from "../../src/source-http/endpointAnswer.js";
import { checkEndpoint } from "../../src/source-http/endpointCheck.js";
import type { HttpSource } from "../../src/source-http/httpSource.js";
import { signedHeaders } from "../../src/source-http/signedQuestion.js";
import { requestSigner } from "../../src/source-http/signingKey.js";
import { expectRejection } from "../expectError.js";
import { type EndpointParts, type ExampleEndpoint, serveExample } from "./exampleEndpoint.js";
import { openTestSource } from "./openTestSource.js";
import { JWK_KEY, rfcSigner } from "./sampleKeys.js";

const PAGE = new URL("../../docs/source-http.md", import.meta.url);
const ENDPOINT = "https://users.example.com/signpost";

/** A message as the page shows it. */
interface Message {
  /** The request line or the status line. */
  readonly start: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function parseMessage(text: string): Message {
  const [head = "", ...rest] = text.split("\n\n");
  const [start = "", ...lines] = head.trimEnd().split("\n");
  const headers = lines.map((line) => {
    const [, name = "", value = ""] = /^([^:]+): (.*)$/.exec(line) ?? [];
    return [name.toLowerCase(), value];
  });
  return {
    start,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: rest.join("\n\n"),
  };
}

describe("docs/source-http.md", () => {
  let page: string;
  let messages: Message[];

  before(async () => {
    page = await readFile(PAGE, "utf8");
    messages = blocks("http").map(parseMessage);
    expect(messages).to.have.length(4);
  });

  const blocks = (language: string): string[] =>
    [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, marked, block = ""]) =>
      marked === language ? [block] : [],
    );
  const questions = () => messages.filter(({ start }) => start.startsWith("GET "));
  const answers = () => messages.filter(({ start }) => start.startsWith("HTTP/"));
  const labelOf = ({ start }: Message) => /^GET \/signpost\/(\w+) HTTP\/1\.1$/.exec(start)![1]!;
  const createdOf = ({ headers }: Message) =>
    Number(/;created=(\d+);/.exec(headers["signature-input"]!)![1]);

  it("shows the questions that we ask", () => {
    for (const question of questions()) {
      const { host, ...headers } = question.headers;
      const [, nonce] = /;nonce="([^"]+)"/.exec(headers["signature-input"]!)!;
      const url = new URL(`${ENDPOINT}/${labelOf(question)}`);
      expect(host).to.equal(url.host);
      expect(headers).to.deep.equal(
        signedHeaders(url, rfcSigner, createdOf(question) * 1_000, nonce),
      );
    }
  });

  it("shows the key, and the bytes that are signed", () => {
    const [key = ""] = blocks("json");
    expect(JSON.parse(key)).to.deep.equal(rfcSigner.publicKey);
    const [signed = ""] = blocks("text");
    const [, signature = ""] = /^signpost=:(.*):$/.exec(questions()[0]!.headers["signature"]!)!;
    const publicKey = createPublicKey({
      format: "jwk",
      key: JSON.parse(key) as Record<string, string>,
    });
    const bytes = Buffer.from(signed.trimEnd());
    expect(verify(null, bytes, publicKey, Buffer.from(signature, "base64"))).to.equal(true);
  });

  it("shows answers that we understand", () => {
    const kinds = answers().map(({ start, headers, body }, index) => {
      const status = Number(start.split(" ")[1]);
      const wire = { status, headers: new Map(Object.entries(headers)), body: Buffer.from(body) };
      return readAnswer(labelOf(questions()[index]!), wire).kind;
    });
    expect(kinds).to.deep.equal(["yes", "no"]);
  });

  /** With the page's alice as its only user. */
  async function serveAlice(parts: Partial<EndpointParts>): Promise<ExampleEndpoint> {
    const { label, ...alice } = JSON.parse(answers()[0]!.body) as { label: string };
    return await serveExample({
      publicKey: rfcSigner.publicKey,
      findUser: (asked) => Promise.resolve(asked === label ? alice : null),
      ...parts,
    });
  }

  it("has a route to copy that gives these answers to these questions", async () => {
    const now = createdOf(questions()[0]!) + 5;
    const { origin, close } = await serveAlice({ publicUrl: ENDPOINT, now: () => now });
    for (const [index, question] of questions().entries()) {
      const { start, headers, body } = answers()[index]!;
      const url = `${origin}/signpost/${labelOf(question)}`;
      const answer = await send(url, { headers: question.headers });
      expect(String(answer.statusCode)).to.equal(start.split(" ")[1]);
      expect(answer.headers["content-type"]).to.match(new RegExp(`^${headers["content-type"]!}`));
      expect(await answer.body.json()).to.deep.equal(JSON.parse(body));
    }
    await close();
  });

  const refusals: Readonly<
    Record<string, (question: Message) => { label?: string; headers: Message["headers"] }>
  > = {
    "without a signature": () => ({ headers: {} }),
    "without its parameters": ({ headers }) => ({
      headers: { signature: headers["signature"]! },
    }),
    "for another label": ({ headers }) => ({ label: "bob", headers }),
    "with a query": ({ headers }) => ({ label: "alice?x=1", headers }),
    "with another nonce": ({ headers }) => ({
      headers: {
        ...headers,
        "signature-input": headers["signature-input"]!.replace(/nonce="./, 'nonce="_'),
      },
    }),
  };
  for (const [title, alter] of Object.entries(refusals)) {
    it(`has a route that refuses a question ${title}`, async () => {
      const [question] = questions();
      const now = createdOf(question!) + 5;
      const { origin, close } = await serveAlice({ publicUrl: ENDPOINT, now: () => now });
      const { label = "alice", headers } = alter(question!);
      const answer = await send(`${origin}/signpost/${label}`, { headers });
      expect(answer.statusCode).to.equal(401);
      expect(await answer.body.json()).to.deep.equal({ error: "NOT_SIGNED_BY_SIGNPOST" });
      await close();
    });
  }

  for (const [title, offsetSec, status] of [
    ["half a minute old by the service's clock", 30, 200],
    ["old", 91, 401],
    ["of a clock that is ahead", -29, 200],
    ["of a clock that is far ahead", -31, 401],
  ] as const) {
    it(`has a route that answers ${status} to a question ${title}`, async () => {
      const [question] = questions();
      const now = createdOf(question!) + offsetSec;
      const { origin, close } = await serveAlice({ publicUrl: ENDPOINT, now: () => now });
      const url = `${origin}/signpost/alice`;
      expect((await send(url, { headers: question!.headers })).statusCode).to.equal(status);
      await close();
    });
  }

  describe("with the route to copy as its endpoint", () => {
    let source: HttpSource;
    let stop: () => Promise<void>;

    const start = async (parts: Partial<EndpointParts> = {}) => {
      const { origin, close } = await serveAlice(parts);
      source = openTestSource(`${origin}/signpost`);
      stop = close;
    };
    afterEach(async () => {
      await source.close();
      await stop();
    });

    it("a source passes its check, and finds who there is", async () => {
      await start();
      expect(await checkEndpoint(source)).to.deep.equal([]);
      expect(await source.rowOf("alice")).to.include({ profile: null, contenthash: null });
      expect(await source.rowOf("nobody")).to.equal(null);
    });

    it("a source asks for labels that are not ASCII", async () => {
      const asked: string[] = [];
      const findUser = (label: string) => {
        asked.push(label);
        return Promise.resolve({ wallet: null });
      };
      await start({ findUser });
      for (const label of ["münchen", "👍", "a'b", "%41"]) {
        expect(await source.rowOf(label)).to.include({ wallet: null });
      }
      expect(asked).to.deep.equal(["münchen", "👍", "a'b", "%41"]);
    });

    it("a source is refused with another key", async () => {
      await start({ publicKey: requestSigner(JWK_KEY).publicKey });
      const asked = source.rowOf("alice");
      await expectRejection(asked, "SOURCE_UNAVAILABLE", /signature refused \(HTTP 401\)/);
    });

    it("a source does not know whether there is a user when the service's database fails", async () => {
      await start({ findUser: () => Promise.reject(new Error("no database")) });
      await expectRejection(source.rowOf("alice"), "SOURCE_UNAVAILABLE", /HTTP 500/);
    });
  });
});
