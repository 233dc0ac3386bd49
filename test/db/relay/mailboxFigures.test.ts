import { expect } from "chai";
import { digestFrom } from "../../../src/abi/digest.js";
import { figuresStore } from "../../../src/db/relay/mailboxFigures.js";
import { type Address, addressFrom } from "../../../src/ens/address.js";
import type { NormalName } from "../../../src/ens/normalize.js";
import { bytes } from "../sampleNames.js";
import { openRelayDatabase, type RelayDatabase } from "./relayDatabase.js";

const SIGNED = {
  profile: { publicEncryptionKey: "e", publicSigningKey: "s", deliveryServices: ["ds.eth"] },
  signature: "0x",
};

describe("db/relay: figures of all mailboxes", () => {
  let database: RelayDatabase;
  before(async () => {
    database = await openRelayDatabase();
  });
  after(() => database.close());

  const figures = () => figuresStore(database.pool, database.tables).figures();
  const keep = (account: Address, hash: number) =>
    database.mailboxes().keep({
      account,
      sender: addressFrom(bytes(20, 7)),
      senderName: "alice.eth" as NormalName,
      senderDomain: "alice.eth",
      claimedHash: digestFrom(bytes(32, hash)),
      bodyHash: digestFrom(bytes(32, 1)),
      envelope: "{}",
    });

  it("are nothing where there is nothing", async () => {
    expect(await figures()).to.deep.equal({
      ...{ oldestMs: null, blobs: 0, blobBytes: 0 },
      waiting: { never_signed_in: 0, not_fetched: 0, not_acknowledged: 0 },
    });
  });

  it("tell what waits by why, since when, and what blobs take", async () => {
    const [stranger, owner] = [addressFrom(bytes(20, 1)), addressFrom(bytes(20, 2))];
    for (const address of [stranger, owner]) {
      await database.accounts.putAccount({ address, name: null, signed: SIGNED });
    }
    await database.accounts.noteProven(owner, "s", null);
    await keep(stranger, 1);
    for (const hash of [2, 3]) await keep(owner, hash);
    const content = Uint8Array.from(bytes(40, 9));
    await database.blobs.keep(owner, digestFrom(bytes(32, 5)), content, Date.now() + 60_000);

    const first = await figures();
    expect(first.waiting).to.deep.equal({
      ...{ never_signed_in: 1, not_fetched: 2, not_acknowledged: 0 },
    });
    expect(first).to.include({ blobs: 1, blobBytes: 40 });
    expect(Date.now() - first.oldestMs!).to.be.within(0, 20_000);

    await database.mailboxes().notePushed(owner, Number.MAX_SAFE_INTEGER);
    expect((await figures()).waiting).to.deep.include({ not_fetched: 0, not_acknowledged: 2 });
  });
});
