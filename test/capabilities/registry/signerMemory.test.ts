/** Who signs on a database is remembered there, for each resolver by itself, and a stranger is told. */
import { expect } from "chai";
import { signerMemory } from "../../../src/capabilities/registry/signerMemory.js";
import { domainStore } from "../../../src/db/domainStore.js";
import { openPool } from "../../../src/db/pool.js";
import { signerStore, type Taken } from "../../../src/db/signerStore.js";
import { type Address, addressFrom, checksumAddress } from "../../../src/ens/address.js";
import { addDomain } from "../../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../../src/registry/domains/apiKey.js";
import { type MigratedPool, openMigratedPool } from "../../db/migratedPool.js";
import { bytes } from "../../db/sampleNames.js";

const address = (filling: number) => addressFrom(bytes(20, filling));
const [FIRST, SECOND, THIRD] = [address(0x11), address(0x22), address(0x33)];
const [A, B] = [
  { chainId: 1n, resolver: address(0xaa) },
  { chainId: 10n, resolver: address(0xbb) },
];
const A_TEXT = `the resolver ${checksumAddress(A.resolver)} on chain 1`;
const B_TEXT = `the resolver ${checksumAddress(B.resolver)} on chain 10`;

describe("capabilities/registry/signerMemory", () => {
  let database: MigratedPool;

  beforeEach(async () => {
    database = await openMigratedPool();
  });
  afterEach(() => database.close());

  const store = () => signerStore(database.pool);
  const memoryOf = (signer: Address, taken: () => readonly Taken[] = () => []) =>
    signerMemory({
      ...{ store: store(), signer: { address: signer }, taken },
      firstAsked: Promise.resolve(),
    });
  const warningsOf = async (signer: Address, ...taken: Taken[]) =>
    (await memoryOf(signer, () => taken).report()).warnings;
  const serve = (place: typeof A, domain: string) =>
    addDomain(
      domainStore(database.pool),
      { ...place, domain },
      apiKeyFrom(bytes(32, domain.length)),
    );

  describe("where no resolver is served yet", () => {
    it("knows the first one, and tells of each stranger after it until it is confirmed", async () => {
      expect(await warningsOf(FIRST)).to.deep.equal([]);
      const stranger = memoryOf(SECOND);
      for (let round = 0; round < 2; round++) {
        const { warnings, reasons } = await stranger.report();
        expect(reasons).to.deep.equal([]);
        expect(warnings).to.have.length(1);
        expect(warnings[0]).to.match(
          new RegExp(
            `^${checksumAddress(SECOND)}, .* is new to this database.* were ${checksumAddress(FIRST)}\\. .*signpost signer remember ${checksumAddress(SECOND)}`,
          ),
        );
      }
      // after a restart as well
      expect(await warningsOf(SECOND)).to.have.length(1);
      expect(await store().remember(SECOND, null)).to.equal(0);
      expect((await stranger.report()).warnings).to.deep.equal([]);
      expect(await warningsOf(SECOND)).to.deep.equal([]);
      expect(await warningsOf(FIRST)).to.deep.equal([]);
      const known = (await store().signers()).map(({ isKnown }) => isKnown);
      expect(known).to.deep.equal([true, true]);
    });

    it("knows the first one that signs, whoever was confirmed before it", async () => {
      await store().remember(SECOND, null);
      const [confirmed] = await store().signers();
      expect(confirmed).to.include({ isKnown: true, lastMs: null });
      expect(await warningsOf(FIRST)).to.deep.equal([]);
      expect(await warningsOf(THIRD), "it is not the first").to.have.length(1);
      expect(await warningsOf(SECOND)).to.deep.equal([]);
      const signers = await store().signers();
      expect(signers.every(({ lastMs }) => lastMs !== null)).to.equal(true);
    });

    it("tells for metrics whether the present one is known", async () => {
      expect(await memoryOf(FIRST).present()).to.deep.include({ isKnown: true, resolvers: [] });
      const stranger = memoryOf(SECOND);
      expect(await stranger.present()).to.deep.include({ isKnown: false, resolvers: [] });
      await store().remember(SECOND, null);
      expect(await stranger.present()).to.deep.include({ isKnown: true });
    });

    it("names no signers where none is known", async () => {
      await warningsOf(FIRST);
      expect(await store().forget(FIRST, null)).to.equal(true);
      const [warning] = await warningsOf(FIRST);
      expect(warning).to.match(
        /no resolver is known to take it\. No signer is known here\. Check /,
      );
    });

    it("has one first signer, however many begin at once", async () => {
      await Promise.all([1, 2, 3, 4, 5, 6].map((filling) => store().note(address(filling), [])));
      const known = (await store().signers()).filter(({ isKnown }) => isKnown);
      expect(known).to.have.length(1);
    });
  });

  describe("for each resolver by itself", () => {
    const knownAt = async (signer: Address) =>
      (await store().standingOf(signer)).at.map(({ isKnown }) => isKnown);

    beforeEach(async () => {
      await serve(A, "a.eth");
      await serve(B, "bb.eth");
    });

    it("knows the first one everywhere, and at a resolver that comes later", async () => {
      expect(await warningsOf(FIRST)).to.deep.equal([]);
      expect(await knownAt(FIRST)).to.deep.equal([true, true]);
      await serve({ chainId: 10n, resolver: address(0xcc) }, "ccc.eth");
      expect(await warningsOf(FIRST)).to.deep.equal([]);
      expect(await knownAt(FIRST)).to.deep.equal([true, true, true]);
    });

    it("tells of a stranger to one resolver although another one takes it", async () => {
      await warningsOf(FIRST);
      const memory = memoryOf(SECOND, () => [{ ...A, isTaken: true }]);
      const { warnings } = await memory.report();
      expect(warnings).to.have.length(1);
      expect(warnings[0])
        .to.match(new RegExp(`^Nobody knows whether ${B_TEXT} takes ${checksumAddress(SECOND)}`))
        .and.not.include(A_TEXT);
      expect(await memory.present()).to.deep.include({
        isKnown: false,
        resolvers: [
          { ...A, isKnown: true },
          { ...B, isKnown: false },
        ],
      });
      // also once nobody can look any more
      expect((await warningsOf(SECOND))[0])
        .to.include(B_TEXT)
        .and.not.include(A_TEXT);
    });

    it("has it known where the operator confirmed it, and nowhere else", async () => {
      await warningsOf(FIRST);
      expect((await warningsOf(SECOND))[0]).to.include("is new to this database");
      expect(await store().remember(SECOND, B)).to.equal(1);
      expect((await warningsOf(SECOND))[0])
        .to.include(A_TEXT)
        .and.not.include(B_TEXT);
      expect(await store().remember(SECOND, A)).to.equal(1);
      expect(await warningsOf(SECOND)).to.deep.equal([]);
      expect(await store().forget(SECOND, B)).to.equal(true);
      expect((await warningsOf(SECOND))[0])
        .to.include(B_TEXT)
        .and.not.include(A_TEXT);
      expect(await store().forget(SECOND, B), "it is none any more").to.equal(false);
    });

    it("takes no confirmation for a resolver that is not served", async () => {
      const elsewhere = { chainId: 10n, resolver: A.resolver };
      expect(await store().remember(SECOND, elsewhere)).to.equal(0);
      expect(await store().signers()).to.deep.equal([]);
    });

    it("does not believe a stranger to the database at a resolver that comes later", async () => {
      await warningsOf(FIRST);
      await warningsOf(SECOND);
      await serve({ chainId: 10n, resolver: address(0xcc) }, "ccc.eth");
      await warningsOf(SECOND);
      expect(await knownAt(SECOND)).to.deep.equal([false, false, false]);
      await warningsOf(FIRST);
      expect((await knownAt(FIRST))[2], "a stranger takes its place from nobody").to.equal(true);
    });

    it("believes one of two that are known at a resolver that comes later: who signs there first", async () => {
      await warningsOf(FIRST);
      await store().remember(SECOND, null);
      await warningsOf(SECOND);
      await serve({ chainId: 10n, resolver: address(0xcc) }, "ccc.eth");
      await warningsOf(SECOND);
      await warningsOf(FIRST);
      expect((await knownAt(SECOND))[2]).to.equal(true);
      expect((await knownAt(FIRST))[2]).to.equal(false);
    });

    it("believes nobody beside one that was confirmed for a resolver and signs there", async () => {
      await warningsOf(FIRST);
      await warningsOf(SECOND);
      const later = { chainId: 10n, resolver: address(0xcc) };
      await serve(later, "ccc.eth");
      await store().remember(SECOND, later);
      await warningsOf(SECOND);
      await warningsOf(FIRST);
      expect(await knownAt(SECOND)).to.deep.equal([false, false, true]);
      expect((await knownAt(FIRST))[2]).to.equal(false);
    });

    it("tells of a stranger that every resolver refuses: of the settings to look at, the chain says nothing", async () => {
      await warningsOf(FIRST);
      const refused = [A, B].map((place) => ({ ...place, isTaken: false }));
      const memory = memoryOf(SECOND, () => refused);
      for (let round = 0; round < 2; round++) {
        const { warnings } = await memory.report();
        expect(warnings).to.have.length(1);
        expect(warnings[0])
          .to.include("is new to this database")
          .and.include(`Signers here were ${checksumAddress(FIRST)}.`)
          .and.include("SIGNPOST_DIR");
      }
      expect(await memory.present()).to.deep.include({ isKnown: false, resolvers: [] });
      // of one that is known here, the reason from the chain is enough
      expect(await warningsOf(FIRST, ...refused)).to.deep.equal([]);
    });

    it("forgets one that a resolver refuses, of whom the chain tells meanwhile", async () => {
      await warningsOf(FIRST);
      expect(await warningsOf(FIRST, { ...A, isTaken: false })).to.deep.equal([]);
      const memory = memoryOf(FIRST, () => [{ ...A, isTaken: false }]);
      expect(await memory.present()).to.deep.include({
        isKnown: true,
        resolvers: [{ ...B, isKnown: true }],
      });
      // once nobody can look any more
      expect((await warningsOf(FIRST))[0])
        .to.include(A_TEXT)
        .and.not.include(B_TEXT);
      expect(await warningsOf(FIRST, { ...A, isTaken: true })).to.deep.equal([]);
      expect(await warningsOf(FIRST)).to.deep.equal([]);
    });

    it("tells at once of one that was forgotten", async () => {
      const memory = memoryOf(FIRST);
      expect((await memory.report()).warnings).to.deep.equal([]);
      await store().forget(FIRST, null);
      expect((await memory.report()).warnings).to.have.length(1);
    });

    it("knows on the database whom every resolver takes", async () => {
      await warningsOf(FIRST);
      await warningsOf(THIRD, { ...A, isTaken: true });
      expect((await store().standingOf(THIRD)).isKnown).to.equal(false);
      await warningsOf(THIRD, { ...A, isTaken: true }, { ...B, isTaken: true });
      expect((await store().standingOf(THIRD)).isKnown).to.equal(true);
    });

    it("says where nobody has to be asked before a switch", async () => {
      await warningsOf(FIRST);
      const memory = memoryOf(FIRST);
      expect(await memory.strangeAt(SECOND, [A, B])).to.deep.equal([A, B]);
      await store().remember(SECOND, A);
      expect(await memory.strangeAt(SECOND, [A, B])).to.deep.equal([B]);
      expect(await memory.strangeAt(SECOND, [A])).to.deep.equal([]);
      expect(await memory.strangeAt(FIRST, [A, B])).to.deep.equal([]);
    });

    it("writes nothing while there is nothing new", async () => {
      const memory = memoryOf(FIRST, () => [{ ...A, isTaken: true }]);
      await memory.report();
      const written = async () => {
        const { rows } = await database.pool.query<{ xmin: string }>(
          "select xmin::text from resolver_signer union all select xmin::text from gateway_signer",
        );
        return rows.map(({ xmin }) => xmin);
      };
      const before = await written();
      for (let round = 0; round < 3; round++) await memory.report();
      expect(await written()).to.deep.equal(before);
    });
  });

  it("notes again that a gateway still signs, by one of several processes, and of no stranger to the table", async () => {
    const agoOf = async () => (await store().signers()).map(({ lastAgoMs }) => lastAgoMs);
    await memoryOf(FIRST).noteAgain();
    await database.pool.query("update gateway_signer set last_at = now() - interval '1 hour'");
    expect((await agoOf())[0]).to.be.within(3_600_000, 3_660_000);
    await Promise.all([memoryOf(FIRST).noteAgain(), memoryOf(FIRST).noteAgain()]);
    expect((await agoOf())[0]).to.be.below(60_000);
    await store().noteAgain(SECOND);
    expect(await agoOf()).to.have.length(1);
  });

  it("is silent where the database does not answer, which is told elsewhere", async () => {
    const pool = openPool({ url: "postgresql://nobody@127.0.0.1:1/nowhere" });
    const memory = signerMemory({
      store: signerStore(pool),
      signer: { address: FIRST },
      taken: () => [],
      firstAsked: Promise.resolve(),
    });
    expect(await memory.report()).to.deep.equal({ reasons: [], warnings: [] });
    expect(await memory.present()).to.equal(null);
    await memory.noteAgain();
    await pool.end();
  });
});
