import { getEventListeners } from "node:events";
import { expect } from "chai";
import { unlessAborted } from "../../src/fetch/unlessAborted.js";
import { whenAborted } from "../../src/fetch/whenAborted.js";

describe("fetch/whenAborted", () => {
  const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

  it("has one listener on a signal for all who wait, and none when nobody waits any more", () => {
    const { signal } = new AbortController();
    const then = () => undefined;
    const ends = Array.from({ length: 20 }, () => whenAborted(signal, then));
    expect(listeners(signal)).to.equal(1);
    for (const [ended, end] of ends.entries()) {
      expect(listeners(signal), `${ended} ended`).to.equal(1);
      end();
      end();
    }
    expect(listeners(signal)).to.equal(0);
    const end = whenAborted(signal, then);
    ends[0]!();
    expect(listeners(signal)).to.equal(1);
    end();
    expect(listeners(signal)).to.equal(0);
  });

  it("calls each who still waits, once", () => {
    const controller = new AbortController();
    const called: string[] = [];
    const endFirst = whenAborted(controller.signal, () => {
      called.push("first");
    });
    whenAborted(controller.signal, () => {
      called.push("second");
    });
    whenAborted(controller.signal, () => {
      called.push("third");
    });
    endFirst();
    controller.abort();
    controller.abort();
    expect(called).to.deep.equal(["second", "third"]);
  });

  it("keeps Node from warning of a leak while twenty things end by one signal", async () => {
    const warnings: string[] = [];
    const note = ({ message }: Error) => warnings.push(message);
    process.on("warning", note);
    try {
      const { signal } = new AbortController();
      const work = Array.from({ length: 20 }, () => unlessAborted(signal, Promise.resolve()));
      await Promise.all(work);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(listeners(signal)).to.equal(0);
    } finally {
      process.off("warning", note);
    }
    expect(warnings).to.deep.equal([]);
  });
});
