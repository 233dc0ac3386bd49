import { expect } from "chai";
import { digestFrom } from "../../../src/abi/digest.js";
import { startRetention } from "../../../src/capabilities/relay/retention.js";
import { addressFrom } from "../../../src/ens/address.js";
import type { NormalName } from "../../../src/ens/normalize.js";
import { openRelayDatabase, type RelayDatabase } from "../../db/relay/relayDatabase.js";
import { bytes } from "../../db/sampleNames.js";

const DAY_MS = 86_400_000;

describe("capabilities/relay: retention", () => {
  let database: RelayDatabase;
  before(async () => {
    database = await openRelayDatabase();
  });
  after(() => database.close());

  it("tells what it ended, and when it was done", async () => {
    const account = addressFrom(bytes(20, 1));
    const profile = {
      publicEncryptionKey: "e",
      publicSigningKey: "s",
      deliveryServices: ["ds.eth"],
    };
    const signed = { profile, signature: "0x" };
    await database.accounts.putAccount({ address: account, name: null, signed });
    await database.mailboxes().keep({
      ...{ account, sender: addressFrom(bytes(20, 2)), senderName: "alice.eth" as NormalName },
      ...{ senderDomain: "alice.eth", envelope: "{}" },
      claimedHash: digestFrom(bytes(32, 3)),
      bodyHash: digestFrom(bytes(32, 4)),
    });
    const content = Uint8Array.from(bytes(40, 9));
    await database.blobs.keep(account, digestFrom(bytes(32, 5)), content, Date.now() + DAY_MS);
    const nowMs = Date.now() + 40 * DAY_MS;
    const counts = new Map<string, number>();
    const retention = startRetention(database.retention, database.blobs, 30, {
      nowMs: () => nowMs,
      reportFailure: (error) => {
        throw error;
      },
      note: (work, count) => counts.set(work, (counts.get(work) ?? 0) + count),
    });
    expect(retention.doneMs()).to.equal(null);
    for (let waited = 0; retention.doneMs() === null; waited++) {
      expect(waited).to.be.below(500);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await retention.stop();
    expect(retention.doneMs()).to.equal(nowMs);
    // by the clock of the database it ended 40 days ago
    expect(Object.fromEntries(counts)).to.deep.equal({ expired: 1, forgotten: 1, blobs: 1 });
  });
});
