import { expect } from "chai";
import { type Digest, digestFrom } from "../../../src/abi/digest.js";
import { type Address, addressFrom } from "../../../src/ens/address.js";
import { BLOBS, openRelayDatabase, type RelayDatabase } from "./relayDatabase.js";

const { mostBlobs, mostBytes } = BLOBS.account;
const SOON = Date.UTC(2030, 0, 1);

describe("db/relay: blobs", () => {
  let database: RelayDatabase;
  let next = 1;
  before(async () => {
    database = await openRelayDatabase();
  });
  after(() => database.close());

  const numbered = (length: number) => {
    const bytes = new Uint8Array(length);
    new DataView(bytes.buffer).setUint32(0, next++);
    return bytes;
  };
  const newAccount = () => addressFrom(numbered(20));
  const newId = () => digestFrom(numbered(32));
  const keep = (account: Address, id: Digest, size: number, expiresMs = SOON) =>
    database.blobs.keep(account, id, new Uint8Array(size).fill(7), expiresMs);
  const used = async (account: Address) => {
    const text = `select blobs, bytes::integer from ${database.tables.blobUse} where account = $1`;
    return (await database.pool.query(text, [account])).rows[0] as unknown;
  };

  it("keeps bytes as they are, once for each account, and counts them", async () => {
    const [account, other, id] = [newAccount(), newAccount(), newId()];
    const content = Uint8Array.from({ length: 256 }, (_, index) => index);
    for (const who of [account, account, other]) {
      expect(await database.blobs.keep(who, id, content, SOON)).to.equal(true);
    }
    expect(await database.blobs.contentOf(id, 0)).to.deep.equal(content);
    expect(await database.blobs.sizeOf(id, 0)).to.equal(256);
    expect(await used(account)).to.deep.equal({ blobs: 1, bytes: 256 });
    expect(await database.blobs.contentOf(newId(), 0)).to.equal(null);
    expect(await database.blobs.sizeOf(newId(), 0)).to.equal(null);
  });

  it("refuses what is over the bounds, to the byte and the blob, and keeps what it has", async () => {
    const [account, first] = [newAccount(), newId()];
    expect(await keep(account, first, mostBytes - 10)).to.equal(true);
    expect(await database.blobs.hasRoom(account, 10)).to.equal(true);
    expect(await database.blobs.hasRoom(account, 11)).to.equal(false);
    expect(await keep(account, newId(), 11)).to.equal(false);
    expect(await keep(account, newId(), 10)).to.equal(true);
    // the same again takes no room
    expect(await keep(account, first, mostBytes - 10)).to.equal(true);
    expect(await used(account)).to.deep.equal({ blobs: 2, bytes: mostBytes });
    const many = newAccount();
    for (let count = 0; count < mostBlobs; count++) {
      expect(await keep(many, newId(), 1)).to.equal(true);
    }
    expect(await keep(many, newId(), 1)).to.equal(false);
    expect(await database.blobs.hasRoom(many, 0)).to.equal(false);
  });

  it("lets no more in when uploads race, and counts the same bytes once", async () => {
    const account = newAccount();
    const racing = Array.from({ length: 20 }, () => keep(account, newId(), 1_000));
    const kept = (await Promise.all(racing)).filter(Boolean);
    expect(kept).to.have.length(mostBlobs);
    expect(await used(account)).to.deep.equal({ blobs: mostBlobs, bytes: mostBlobs * 1_000 });
    const [second, id] = [newAccount(), newId()];
    const same = await Promise.all(Array.from({ length: 10 }, () => keep(second, id, 50)));
    expect(same).to.not.include(false);
    expect(await used(second)).to.deep.equal({ blobs: 1, bytes: 50 });
  });

  it("removes for its owner alone, and gives the room back", async () => {
    const [owner, other, id] = [newAccount(), newAccount(), newId()];
    await keep(owner, id, 30);
    expect(await database.blobs.remove(other, id)).to.equal(false);
    expect(await database.blobs.sizeOf(id, 0)).to.equal(30);
    await keep(other, id, 30);
    expect(await database.blobs.remove(other, id)).to.equal(true);
    expect(await database.blobs.sizeOf(id, 0)).to.equal(30);
    const removals = Array.from({ length: 5 }, () => database.blobs.remove(owner, id));
    expect((await Promise.all(removals)).filter(Boolean)).to.have.length(1);
    expect(await database.blobs.sizeOf(id, 0)).to.equal(null);
    expect(await used(owner)).to.deep.equal({ blobs: 0, bytes: 0 });
  });

  it("shows none that has expired, and forgets those in steps, with the room that they took", async () => {
    const account = newAccount();
    const ids = [newId(), newId(), newId()];
    for (const id of ids) await keep(account, id, 20, 1_000);
    const later = newId();
    await keep(account, later, 20, 2_000);
    expect(await database.blobs.sizeOf(ids[0]!, 999)).to.equal(20);
    expect(await database.blobs.sizeOf(ids[0]!, 1_000)).to.equal(null);
    expect(await database.blobs.contentOf(ids[0]!, 1_000)).to.equal(null);
    // uploaded again, it is kept for longer, and never for less
    await keep(account, ids[0]!, 20, 1_500);
    await keep(account, ids[0]!, 20, 500);
    expect(await database.blobs.sizeOf(ids[0]!, 1_499)).to.equal(20);
    const rounds = [1, 1, 1].map(() => database.blobs.expire(1_001, 1));
    const gone = (await Promise.all(rounds)).reduce((sum, count) => sum + count, 0);
    expect(gone + (await database.blobs.expire(1_001, 50))).to.equal(2);
    expect(await used(account)).to.deep.equal({ blobs: 2, bytes: 40 });
    expect(await database.blobs.expire(2_001, 50)).to.equal(2);
    expect(await used(account)).to.deep.equal({ blobs: 0, bytes: 0 });
  });

  it("goes with its account", async () => {
    const [account, id] = [newAccount(), newId()];
    const signed = {
      profile: { publicEncryptionKey: "e", publicSigningKey: "s", deliveryServices: ["ds.eth"] },
      signature: "0x",
    };
    await database.accounts.putAccount({ address: account, name: null, signed });
    await keep(account, id, 5);
    await database.accounts.removeAccount(account);
    expect(await database.blobs.sizeOf(id, 0)).to.equal(null);
    expect(await used(account)).to.equal(undefined);
  });
});
