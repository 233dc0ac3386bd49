/** Histories that are longer than what is read at once: all of it is followed, to the last entry. */
import { expect } from "chai";
import { namehash } from "../../../src/ens/namehash.js";
import { verifyHistory } from "../../../src/registry/audit/verifyHistory.js";
import { earlierRecordsAction } from "../../../src/registry/names/verifiedActions.js";
import type { NameStore } from "../../../src/registry/store.js";
import { setRecords, writeAsService } from "../changes/serviceWrites.js";
import { DOMAIN, openRegistry, type TestRegistry } from "../openRegistry.js";

describe("registry/verifyHistory: long histories", () => {
  let registry: TestRegistry;
  before(async () => (registry = await openRegistry()));
  after(() => registry.close());

  // pages have 100 entries
  for (const count of [99, 100, 101, 200, 201]) {
    it(`follows all of ${count} entries`, async () => {
      const name = `long-${count}.${DOMAIN}`;
      const actions = Array.from({ length: count }, (_, index) =>
        earlierRecordsAction({ texts: { index: String(index) } }),
      );
      await writeAsService(registry.stores, DOMAIN, name, actions);
      const { names } = registry.stores;
      expect(await verifyHistory(names, namehash(name))).to.deep.equal({
        name,
        entries: count,
        broken: null,
        foundLater: [],
        contractProofs: [],
      });

      const tampered: NameStore["historyOf"] = async (...asked) =>
        (await names.historyOf(...asked)).map((sealed) =>
          sealed.entry.number === count
            ? { ...sealed, entry: { ...sealed.entry, atMs: 1 } }
            : sealed,
        );
      const verdict = await verifyHistory({ ...names, historyOf: tampered }, namehash(name));
      expect(verdict).to.include({ entries: count - 1 });
      expect(verdict.broken)
        .to.include({ number: count })
        .and.property("reason")
        .match(/its hash/);
    });
  }

  it("reads once more when somebody changes the name while it is followed", async () => {
    const name = `changing.${DOMAIN}`;
    const { names } = registry.stores;
    const write = (value: string) =>
      setRecords(registry.stores, { domain: DOMAIN, name, records: { texts: { value } } });
    await write("1");
    let reads = 0;
    const historyOf: NameStore["historyOf"] = async (...asked) => {
      if (reads++ === 0) await write("2");
      return names.historyOf(...asked);
    };
    const verdict = await verifyHistory({ ...names, historyOf }, namehash(name));
    expect(verdict).to.deep.include({ entries: 2, broken: null });
    expect(reads).to.equal(2);
  });
});
