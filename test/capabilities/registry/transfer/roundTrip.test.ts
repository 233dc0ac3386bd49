/** Export, import into an empty installation, export again: the same bytes, and names that go on. */
import { expect } from "chai";
import { fromHex, toHex } from "../../../../src/abi/hex.js";
import { domainStore } from "../../../../src/db/domainStore.js";
import { nameStore } from "../../../../src/db/nameStore.js";
import { stringify } from "../../../../src/dm3/stringify.js";
import { addressFrom } from "../../../../src/ens/address.js";
import { namehash } from "../../../../src/ens/namehash.js";
import { verifyHistory } from "../../../../src/registry/audit/verifyHistory.js";
import { type MigratedPool, openMigratedPool } from "../../../db/migratedPool.js";
import { bytes } from "../../../db/sampleNames.js";
import { expectRejection } from "../../../expectError.js";
import { publishProfile, setRecords } from "../../../registry/changes/serviceWrites.js";
import {
  DOMAIN,
  openRegistry,
  profilesOf,
  type TestRegistry,
} from "../../../registry/openRegistry.js";
import { ended, linesOf } from "./changedExport.js";
import { fillDomain, type FilledDomain, under } from "./filledDomain.js";
import { openTransfer, type Transfer } from "./openTransfer.js";
import { recordedBy } from "./signedWish.js";

describe("capabilities/registry/transfer: export, import, export", () => {
  let source: TestRegistry;
  let target: MigratedPool;
  let transfer: Transfer;
  let filled: FilledDomain;
  let text: string;

  before(async () => {
    source = await openRegistry();
    filled = await fillDomain(source);
    target = await openMigratedPool();
    transfer = await openTransfer();
    text = await transfer.exported(source.pool);
  });
  after(async () => {
    await Promise.all([source.close(), target.close(), transfer.close()]);
  });

  it("gives the same bytes, with every line counted", async () => {
    const { outcomes, areCountsRight } = await transfer.imported(target.pool, text);
    expect(outcomes.remarks).to.deep.equal([]);
    expect(areCountsRight).to.equal(true);
    expect(outcomes.counts["name"]).to.deep.equal({ imported: outcomes.lines["name"] });
    expect(await transfer.exported(target.pool)).to.equal(text);
  });

  it("has no keys, and nothing of other domains", () => {
    expect(text).not.to.match(/signpost_|api_?key/i);
    expect(text).not.to.include("team.users");
  });

  it("leaves histories that hold", async () => {
    const names = nameStore(target.pool);
    for (const label of [
      "ada",
      "bare",
      "down",
      "full",
      "gift",
      "gone",
      "held",
      "left",
      "older",
      "größe",
      "😀",
    ]) {
      const { broken } = await verifyHistory(names, namehash(under(label)));
      expect(broken, label).to.equal(null);
    }
  });

  it("changes nothing the second time", async () => {
    const { outcomes } = await transfer.imported(target.pool, text);
    expect(outcomes.remarks).to.deep.equal([]);
    expect(outcomes.counts["name"]).to.deep.equal({ unchanged: outcomes.lines["name"] });
    expect(await transfer.exported(target.pool)).to.equal(text);
  });

  it("takes marks that are new of a name that is unchanged, and tells it, as a dry run does", async () => {
    const marked = linesOf(text)
      .slice(0, -1)
      .map((line) =>
        line["kind"] === "name" && line["name"] === under("bare")
          ? { ...line, servedBefore: [toHex(bytes(32, 0x77))] }
          : line,
      );
    const changed = ended(marked.map(stringify));
    const expected = (lines: number) => ({ unchanged: lines - 1, imported: 1 });
    for (const dryRun of [true, false]) {
      const { outcomes } = await transfer.imported(target.pool, changed, { dryRun });
      expect(outcomes.counts["name"]).to.deep.equal(expected(outcomes.lines["name"]!));
    }
    const { outcomes } = await transfer.imported(target.pool, changed);
    expect(outcomes.counts["name"]).to.deep.equal({ unchanged: outcomes.lines["name"] });
    const again = linesOf(await transfer.exported(target.pool)).slice(0, -1);
    expect(again).to.deep.equal(marked);
    await target.pool.query("delete from source_retired where profile_fingerprint = $1", [
      bytes(32, 0x77),
    ]);
  });

  it("lets names be written again, where their histories ended", async () => {
    const stores = { names: nameStore(target.pool), domains: domainStore(target.pool) };
    await setRecords(stores, {
      domain: DOMAIN,
      name: under("full"),
      records: { texts: { url: "w" } },
    });
    await recordedBy(stores)({
      wallet: filled.owner,
      name: under("held"),
      action: "setRecords",
      sequence: 2,
      content: { records: { texts: { url: "w" } } },
    });
    for (const label of ["full", "held"]) {
      const { broken, entries } = await verifyHistory(stores.names, namehash(under(label)));
      expect(broken).to.equal(null);
      expect(entries).to.be.above(1);
    }
  });

  it("keeps what was retired, given up or held from coming back", async () => {
    const stores = { names: nameStore(target.pool), domains: domainStore(target.pool) };
    const [first] = await profilesOf(filled.owner, 1);
    const address = addressFrom(fromHex(filled.owner.address));
    const publish = (label: string) =>
      publishProfile(stores, {
        domain: DOMAIN,
        name: under(label),
        address,
        signedUserProfile: first,
      });
    await expectRejection(publish("ada"), "SUPERSEDED_PROFILE", /before|gave up/);
    await expectRejection(publish("gone"), "SUPERSEDED_PROFILE", /before|gave up/);
    await expectRejection(publish("left"), "SUPERSEDED_PROFILE", /before|gave up/);
    await expectRejection(
      setRecords(stores, { domain: DOMAIN, name: under("held"), records: { texts: {} } }),
      "HELD_BY_OWNER",
      /held by its owner/,
    );
  });

  it("appends to the stored history what came later there, and keeps what came later here", async () => {
    await setRecords(source.stores, {
      domain: DOMAIN,
      name: under("bare"),
      records: { texts: { url: "later" } },
    });
    const later = await transfer.exported(source.pool);
    const { outcomes } = await transfer.imported(target.pool, later);
    expect(outcomes.counts["name"]).to.include({ imported: 1, kept: 2 });
    expect(outcomes.counts["name"]).not.to.have.any.keys("conflict", "refused");
    const names = nameStore(target.pool);
    expect((await names.nameOf(namehash(under("bare"))))?.texts.get("url")).to.equal("later");
    // an old export brings nothing back
    const old = await transfer.imported(target.pool, text);
    expect(old.outcomes.counts["name"]).to.include({ kept: 3 });
    expect((await names.nameOf(namehash(under("bare"))))?.texts.get("url")).to.equal("later");
  });

  it("changes nothing of a domain that is frozen here", async () => {
    const domains = domainStore(target.pool);
    await domains.freeze(DOMAIN, { to: null });
    const later = await transfer.exported(source.pool);
    await expectRejection(
      transfer.imported(target.pool, later),
      "DOMAIN_FROZEN",
      /not changed here/,
    );
    await domains.freeze(DOMAIN, null);
  });

  it("tells of histories that went on differently, and changes nothing", async () => {
    const stores = { names: nameStore(target.pool), domains: domainStore(target.pool) };
    await setRecords(stores, {
      domain: DOMAIN,
      name: under("bare"),
      records: { texts: { url: "here" } },
    });
    await setRecords(source.stores, {
      domain: DOMAIN,
      name: under("bare"),
      records: { texts: { url: "there" } },
    });
    const before = await transfer.exported(target.pool);
    const { outcomes } = await transfer.imported(target.pool, await transfer.exported(source.pool));
    expect(outcomes.remarks.filter(({ name }) => name === under("bare"))).to.deep.equal([
      {
        kind: "name",
        name: under("bare"),
        outcome: "conflict",
        reason: "the histories here and there went on differently",
      },
    ]);
    expect(await transfer.exported(target.pool)).to.equal(before);
  });
});
