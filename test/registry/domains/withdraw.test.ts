/** A domain that is removed with its names: nothing is answered for them, and what outlives them stays. */
import { expect } from "chai";
import { namehash } from "../../../src/ens/namehash.js";
import { addDomain } from "../../../src/registry/access/addDomain.js";
import { verifyHistory } from "../../../src/registry/audit/verifyHistory.js";
import { handOverAsAdmin, withdrawAsAdmin } from "../../../src/registry/changes/handOverName.js";
import { apiKeyFrom } from "../../../src/registry/domains/apiKey.js";
import { fillDomain, under } from "../../capabilities/registry/transfer/filledDomain.js";
import { openTransfer } from "../../capabilities/registry/transfer/openTransfer.js";
import { bytes } from "../../db/sampleNames.js";
import { expectRejection } from "../../expectError.js";
import { DOMAIN, NESTED_DOMAIN, openRegistry, profilesOf } from "../openRegistry.js";

describe("registry: a domain that is removed with its names", () => {
  it("takes them away, those that owners hold as well, and keeps histories and marks", async () => {
    const registry = await openRegistry();
    const transfer = await openTransfer();
    const { owner } = await fillDomain(registry);
    const { domains, names } = registry.stores;
    const exported = await transfer.exported(registry.pool);
    const handOver = handOverAsAdmin(Date.now);
    await expectRejection(
      domains.removeDomain(DOMAIN, handOver),
      "INVALID_REQUEST",
      /--with-names/,
    );

    const removed = await domains.removeDomain(DOMAIN, handOver, withdrawAsAdmin(Date.now));
    expect(removed).to.deep.include({ other: null, names: 9, heldNames: 2 });
    expect(removed.heldExamples).to.have.members([under("held"), under("gift")]);
    for (const label of ["ada", "held", "older", "gone"]) {
      expect(await names.nameOf(namehash(under(label))), label).to.equal(null);
      const { broken, entries } = await verifyHistory(names, namehash(under(label)));
      expect(broken, label).to.equal(null);
      expect(entries, label).to.be.above(0);
    }
    // another service's, below it
    expect(await names.nameOf(namehash(`own.${NESTED_DOMAIN}`))).not.to.equal(null);

    const served = { domain: DOMAIN, chainId: 1n, resolver: bytes(20, 0) };
    await addDomain(domains, served, apiKeyFrom(bytes(32, 0x77)));
    const [first] = await profilesOf(owner, 1);
    await expectRejection(
      registry.publish(under("ada"), owner.address, first),
      "SUPERSEDED_PROFILE",
      /replaced or deleted/,
    );
    // the export is older than the end of its names here
    const { outcomes } = await transfer.imported(registry.pool, exported);
    expect(outcomes.counts["name"]).not.to.have.any.keys("imported", "conflict", "refused");
    expect(await names.nameOf(namehash(under("ada")))).to.equal(null);
    await transfer.close();
    await registry.close();
  });
});
