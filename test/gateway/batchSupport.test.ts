import { expect } from "chai";
import { addressFrom } from "../../src/ens/address.js";
import { BATCHES_KNOWN_FOR_MS, batchSupport } from "../../src/gateway/batchSupport.js";
import { resolverKey } from "../../src/gateway/resolverKey.js";
import { bytes } from "../db/sampleNames.js";

const RESOLVER = addressFrom(bytes(20, 1));
const KEY = resolverKey(1n, RESOLVER);

describe("gateway/batchSupport", () => {
  let nowMs: number;
  let support: ReturnType<typeof batchSupport>;
  beforeEach(() => {
    nowMs = 1_900_000_000_000;
    support = batchSupport(() => nowMs);
  });

  it("says no of what was never asked, and yes of what has shown that it takes them", () => {
    expect(support.takesBatches(KEY)).to.equal(false);
    support.noteTaken(KEY);
    expect(support.takesBatches(KEY)).to.equal(true);
  });

  it("keeps chains and resolvers apart", () => {
    support.noteTaken(KEY);
    expect(support.takesBatches(resolverKey(10n, RESOLVER))).to.equal(false);
    expect(support.takesBatches(resolverKey(1n, addressFrom(bytes(20, 2))))).to.equal(false);
  });

  it("forgets after ten minutes what nobody has confirmed, and when the clock is set back", () => {
    support.noteTaken(KEY);
    nowMs += BATCHES_KNOWN_FOR_MS - 1;
    expect(support.takesBatches(KEY)).to.equal(true);
    nowMs += 1;
    expect(support.takesBatches(KEY)).to.equal(false);
    support.noteTaken(KEY);
    nowMs -= 1;
    expect(support.takesBatches(KEY)).to.equal(false);
  });

  it("forgets at once what was refused", () => {
    support.noteTaken(KEY);
    support.noteRefused(KEY);
    expect(support.takesBatches(KEY)).to.equal(false);
  });
});
