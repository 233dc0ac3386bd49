import { expect } from "chai";
import { within } from "../../src/fetch/within.js";

const HOURS_MS = 10_000_000;
const never = new Promise<string>(() => undefined);
const unasked = () => expect.fail("it was not too late");

describe("fetch/within", () => {
  it("is the answer, or what that fails with", async () => {
    expect(await within(HOURS_MS, Promise.resolve("answer"), unasked)).to.equal("answer");
    const failure = new Error("no answer");
    const failed = within(HOURS_MS, Promise.reject(failure), unasked);
    expect(await failed.catch((error: unknown) => error)).to.equal(failure);
  });

  it("is what stands for an answer that comes too late, or throws it", async () => {
    expect(await within(1, never, () => "too late")).to.equal("too late");
    const late = within(1, never, () => {
      throw new Error("too late");
    });
    expect(await late.catch(String)).to.equal("Error: too late");
  });

  it("ignores what the answer fails with later", async () => {
    let fail: (reason: Error) => void = () => undefined;
    const answer = new Promise<string>((_resolve, reject) => (fail = reject));
    expect(await within(1, answer, () => "too late")).to.equal("too late");
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    fail(new Error("nobody asks any more"));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(unhandled).to.deep.equal([]);
  });
});
