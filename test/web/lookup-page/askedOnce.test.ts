import { expect } from "chai";
import { SignpostError } from "../../../src/errors.js";
import type { FetchRequest } from "../../../src/fetch/fetcher.js";
import { askedOnce } from "../../../src/web/lookup-page/askedOnce.js";

const QUESTION: FetchRequest = {
  ...{ url: "https://gateway.example/a", method: "POST", body: "{}", maxBytes: 10, timeoutMs: 10 },
};

describe("web: one report's questions", () => {
  let asked: FetchRequest[];
  let isDown: boolean;
  const fetcher = () =>
    askedOnce((request) => {
      asked.push(request);
      const answer = { status: 200, contentType: null, body: Uint8Array.of(asked.length) };
      return isDown
        ? Promise.reject(new SignpostError("UNREACHABLE", "Down."))
        : Promise.resolve(answer);
    });

  beforeEach(() => {
    asked = [];
    isDown = false;
  });

  it("are asked once, at once or one after the other", async () => {
    const ask = fetcher();
    const [first, second] = await Promise.all([ask(QUESTION), ask({ ...QUESTION, timeoutMs: 5 })]);
    expect(second).to.equal(first);
    expect(await ask(QUESTION)).to.equal(first);
    expect(asked).to.have.length(1);
  });

  for (const [what, change] of [
    ["URL", { url: "https://gateway.example/b" }],
    ["method", { method: "PUT" }],
    ["body", { body: "[]" }],
    ["form", { accept: "application/json" }],
    ["body of bytes", { body: new Uint8Array(2) }],
  ] as const) {
    it(`are others with another ${what}`, async () => {
      const ask = fetcher();
      await Promise.all([ask(QUESTION), ask({ ...QUESTION, ...change })]);
      expect(asked).to.have.length(2);
    });
  }

  it("are asked again when nobody answered", async () => {
    const ask = fetcher();
    isDown = true;
    expect(await ask(QUESTION).catch(() => "down")).to.equal("down");
    isDown = false;
    expect((await ask(QUESTION)).status).to.equal(200);
    expect(asked).to.have.length(2);
  });
});
