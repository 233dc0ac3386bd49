/** Who signs on a database is remembered there, and a stranger is told. */
import { expect } from "chai";
import { signerMemory } from "../../../src/capabilities/registry/signerMemory.js";
import { openPool } from "../../../src/db/pool.js";
import { signerStore } from "../../../src/db/signerStore.js";
import { type Address, addressFrom, checksumAddress } from "../../../src/ens/address.js";
import { type MigratedPool, openMigratedPool } from "../../db/migratedPool.js";
import { bytes } from "../../db/sampleNames.js";

const address = (filling: number) => addressFrom(bytes(20, filling));
const [FIRST, SECOND, THIRD] = [address(0x11), address(0x22), address(0x33)];

describe("capabilities/registry/signerMemory", () => {
  let database: MigratedPool;

  beforeEach(async () => {
    database = await openMigratedPool();
  });
  afterEach(() => database.close());

  const store = () => signerStore(database.pool);
  const memoryOf = (signer: Address, isTaken = () => false) =>
    signerMemory({ store: store(), signer: { address: signer }, isTaken });
  const warningsOf = async (signer: Address, isTaken?: () => boolean) =>
    (await memoryOf(signer, isTaken).report()).warnings;

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
    await store().remember(SECOND);
    expect((await stranger.report()).warnings).to.deep.equal([]);
    expect(await warningsOf(SECOND)).to.deep.equal([]);
    expect(await warningsOf(FIRST)).to.deep.equal([]);
    const known = (await store().signers()).map(({ isKnown }) => isKnown);
    expect(known).to.deep.equal([true, true]);
  });

  it("knows the first one that signs, whoever was confirmed before it", async () => {
    await store().remember(SECOND);
    const [confirmed] = await store().signers();
    expect(confirmed).to.include({ isKnown: true, lastMs: null });
    expect(await warningsOf(FIRST)).to.deep.equal([]);
    expect(await store().isKnown(FIRST)).to.equal(true);
    expect(await warningsOf(THIRD), "it is not the first").to.have.length(1);
    expect(await warningsOf(SECOND)).to.deep.equal([]);
    const signers = await store().signers();
    expect(signers.every(({ lastMs }) => lastMs !== null)).to.equal(true);
  });

  it("tells for metrics whether the present one is known", async () => {
    expect(await memoryOf(FIRST).isPresentKnown()).to.equal(true);
    const stranger = memoryOf(SECOND);
    expect(await stranger.isPresentKnown()).to.equal(false);
    await store().remember(SECOND);
    expect(await stranger.isPresentKnown()).to.equal(true);
  });

  it("names no signers where none is known", async () => {
    await warningsOf(FIRST);
    await store().forget(FIRST);
    const [warning] = await warningsOf(FIRST);
    expect(warning).to.match(/no resolver is known to take it\. No signer is known here\. Check /);
  });

  it("knows whom every resolver takes, also once none says so any more", async () => {
    await warningsOf(FIRST);
    let taken = false;
    const memory = memoryOf(THIRD, () => taken);
    expect((await memory.report()).warnings).to.have.length(1);
    taken = true;
    expect((await memory.report()).warnings).to.deep.equal([]);
    expect(await memory.isKnown(THIRD)).to.equal(true);
    expect(await warningsOf(THIRD)).to.deep.equal([]);
    expect(await memory.isKnown(SECOND)).to.equal(false);
  });

  it("has one first signer, however many begin at once", async () => {
    const known = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((filling) => store().note(address(filling))),
    );
    expect(known.filter((one) => one)).to.have.length(1);
  });

  it("is silent where the database does not answer, which is told elsewhere", async () => {
    const pool = openPool({ url: "postgresql://nobody@127.0.0.1:1/nowhere" });
    const memory = signerMemory({
      store: signerStore(pool),
      signer: { address: FIRST },
      isTaken: () => false,
    });
    expect(await memory.report()).to.deep.equal({ reasons: [], warnings: [] });
    expect(await memory.isPresentKnown()).to.equal(null);
    await pool.end();
  });
});
