import { expect } from "chai";
import { sleep } from "../../src/connecting/sleep.js";

describe("connecting: sleep", () => {
  it("ends by itself, or when its signal does, and leaves nothing at the signal", async () => {
    const pause = new AbortController();
    const startMs = performance.now();
    await sleep(20, pause.signal);
    expect(performance.now() - startMs).to.be.above(18);
    const long = sleep(60_000, pause.signal);
    pause.abort();
    await long;
    await sleep(60_000, pause.signal);
    expect(performance.now() - startMs).to.be.below(10_000);
  });
});
