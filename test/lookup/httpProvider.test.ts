import { text } from "node:stream/consumers";
import { expect } from "chai";
import { httpProvider } from "../../src/lookup/httpProvider.js";
import { expectRejection } from "../expectError.js";
import { type LoopbackServer, serve } from "./loopbackServer.js";

interface Question {
  readonly id: number;
  readonly method: string;
}

/** Answers each question with its method, or with an error for "fail". */
const answerTo = ({ id, method }: Question) =>
  method === "fail"
    ? { jsonrpc: "2.0", id, error: { code: 3, message: "execution reverted", data: "0xdead" } }
    : { jsonrpc: "2.0", id, result: method };

describe("httpProvider", () => {
  let node: LoopbackServer;
  /** What arrived: the methods of each HTTP request. */
  let arrived: string[][];
  /** From the body of a request to that of the answer. */
  let respond: (body: Question | Question[]) => unknown;
  let status: number;
  let authorization: string | undefined;

  before(async () => {
    node = await serve((request, response) => {
      void (async () => {
        const body = JSON.parse(await text(request)) as Question | Question[];
        arrived.push([body].flat().map(({ method }) => method));
        ({ authorization } = request.headers);
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(respond(body)));
      })();
    });
  });
  beforeEach(() => {
    arrived = [];
    status = 200;
    respond = (body) => (Array.isArray(body) ? body.map(answerTo) : answerTo(body));
  });
  after(() => node.close());

  const askAll = (provider: ReturnType<typeof httpProvider>, ...methods: string[]) =>
    Promise.allSettled(methods.map((method) => provider.request({ method, params: [] })));

  const results = (settled: readonly PromiseSettledResult<unknown>[]) =>
    settled.map((one) => (one.status === "fulfilled" ? one.value : "rejected"));

  const batching = () => httpProvider(node.url, 5000, { batches: true });

  it("sends what is asked together in one request, and gives each its own answer or error", async () => {
    respond = (body) => [body].flat().map(answerTo).reverse();
    const settled = await askAll(batching(), "one", "fail", "three");
    expect(results(settled)).to.deep.equal(["one", "rejected", "three"]);
    expect(arrived).to.deep.equal([["one", "fail", "three"]]);
    const fault = settled[1] as PromiseRejectedResult;
    expect(fault.reason).to.include({ name: "RpcFault", code: 3, data: "0xdead" });
  });

  it("sends a single question as it is, and each by itself unless batches are wanted", async () => {
    await askAll(batching(), "one");
    await askAll(httpProvider(node.url, 5000), "two", "three");
    expect(arrived.map((methods) => methods.length)).to.deep.equal([1, 1, 1]);
  });

  it("sends user name and password of the URL as Basic authentication", async () => {
    const withCredentials = node.url.replace("//", "//us%C3%A9r:pass%3Aword@");
    const settled = await askAll(httpProvider(withCredentials, 5000), "one");
    expect(results(settled)).to.deep.equal(["one"]);
    expect(authorization).to.equal(
      `Basic ${Buffer.from("us\u00e9r:pass:word").toString("base64")}`,
    );
    await askAll(httpProvider(node.url.replace("//", "//user:s3%cret@"), 5000), "one");
    expect(authorization).to.equal(`Basic ${Buffer.from("user:s3%cret").toString("base64")}`);
    await askAll(httpProvider(node.url, 5000), "one");
    expect(authorization).to.equal(undefined);
  });

  it("splits what is more than 50", async () => {
    const methods = Array.from({ length: 120 }, (_, index) => `m${index}`);
    expect(results(await askAll(batching(), ...methods))).to.deep.equal(methods);
    expect(arrived.map((sent) => sent.length).sort((a, b) => a - b)).to.deep.equal([20, 50, 50]);
  });

  const refusals: Readonly<Record<string, (body: Question[]) => unknown>> = {
    "an error for the whole batch": () => ({
      jsonrpc: "2.0",
      id: null,
      error: { code: -32600, message: "Batch requests are not supported" },
    }),
    "too few answers": (body) => body.slice(1).map(answerTo),
    "an answer twice": (body) => [body[0]!, body[0]!].map(answerTo),
    "an answer to something else": (body) => [{ ...answerTo(body[0]!), id: 7 }, answerTo(body[1]!)],
    "answers without ids": (body) => body.map((question) => ({ ...answerTo(question), id: null })),
  };
  for (const [refusal, refuse] of Object.entries(refusals)) {
    it(`asks one by one from then on where a batch gets ${refusal}`, async () => {
      const honest = respond;
      respond = (body) => (Array.isArray(body) ? refuse(body) : honest(body));
      const provider = batching();
      expect(results(await askAll(provider, "one", "two"))).to.deep.equal(["one", "two"]);
      expect(results(await askAll(provider, "three", "four"))).to.deep.equal(["three", "four"]);
      expect(arrived.map((sent) => sent.length)).to.deep.equal([2, 1, 1, 1, 1]);
    });
  }

  it("goes on with batches after a node was down for a moment", async () => {
    const provider = batching();
    status = 503;
    respond = () => "overloaded";
    expect(results(await askAll(provider, "one", "two"))).to.deep.equal(["rejected", "rejected"]);
    expect(arrived, "no further load").to.have.length(1);
    status = 200;
    respond = (body) => [body].flat().map(answerTo);
    arrived = [];
    expect(results(await askAll(provider, "one", "two"))).to.deep.equal(["one", "two"]);
    expect(arrived).to.have.length(1);
  });

  it("takes an error object with a status of failure, and nothing else", async () => {
    status = 400;
    const [fault] = await askAll(batching(), "fail");
    expect((fault as PromiseRejectedResult).reason).to.include({ name: "RpcFault" });
    await expectRejection(
      batching().request({ method: "one", params: [] }),
      "UNREACHABLE",
      /HTTP 400 without a result/,
    );
  });
});
