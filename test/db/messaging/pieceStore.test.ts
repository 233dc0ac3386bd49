import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { sha256 } from "../../../src/abi/sha256.js";
import { bridgeTables } from "../../../src/db/messaging/bridgeTables.js";
import { pieceStore } from "../../../src/db/messaging/pieceStore.js";
import { type Address, addressFrom } from "../../../src/ens/address.js";
import type { NormalName } from "../../../src/ens/normalize.js";
import { rateLimits } from "../../../src/http/fairness/rateLimits.js";
import type { NativeAddress } from "../../../src/messaging/address/nativeAddress.js";
import type { PieceStore } from "../../../src/messaging/bridge/keepNative.js";
import { expectRejection } from "../../expectError.js";
import { openRelayDatabase, type RelayDatabase } from "../relay/relayDatabase.js";
import { type MessagingStores, messagingStores } from "./messagingDatabase.js";

const NOW = Date.UTC(2030, 0, 1);
const MOST = 20_000;
const OF_PERSON = 1_000;
const ALICE = "alice.eth" as NormalName;

describe("db/messaging: pieces of long messages", () => {
  let database: RelayDatabase;
  let stores: MessagingStores;
  let pieces: PieceStore;
  let people = 0;
  let receivers = 0;
  let nowMs = NOW;
  let clockMs = NOW;
  beforeEach(async () => {
    clockMs = NOW;
    database = await openRelayDatabase();
    stores = await messagingStores(database, "mail");
    const tables = { ...stores.tables, ...bridgeTables(stores.schema) };
    pieces = pieceStore(database.pool, tables, database.tables, {
      ...{ url: "https://relay.example/ds", mostBytes: MOST, lifetimeMs: 1_000 },
      ...{ counter: rateLimits(() => nowMs), nowMs: () => clockMs },
    });
  });
  afterEach(() => database.close());

  async function person(domain: string): Promise<{ native: NativeAddress; account: Address }> {
    const native = { localPart: `p${people++}`, domain };
    const account = addressFrom(randomBytes(20));
    const name = `${native.localPart}.eth` as NormalName;
    await stores.links.putLink({ native, account, name, signedAtSec: 1 });
    return { native, account };
  }
  /** Of its day there is always some left. */
  async function keepNextDay(
    who: Awaited<ReturnType<typeof person>>,
    bytes: number,
    to: string = anybody(),
  ) {
    nowMs += 86_400_000;
    return keep(who, bytes, to);
  }
  async function keep(
    { native, account }: Awaited<ReturnType<typeof person>>,
    bytes: number,
    to: string = anybody(),
  ) {
    const sealed = randomBytes(bytes);
    const piece = { sha256: sha256(sealed), sealed };
    const work = () => pieces.keep(account, piece);
    return pieces.withRoom(native, to as NormalName, bytes, piece.sha256, work);
  }
  /** Of a domain that nobody else has. */
  const anybody = () => `r${receivers++}.eth`;

  it("keep for a time, at an address of the relay node", async () => {
    const url = await keep(await person("mail.test"), 10);
    expect(url).to.match(/^https:\/\/relay\.example\/ds\/blobs\/[0-9a-f]{64}$/);
    expect(await database.blobs.expire(NOW + 999, 10)).to.equal(0);
    expect(await database.blobs.expire(NOW + 1_001, 10)).to.equal(1);
  });

  it("are bounded for a person, a domain, and all with those who left", async () => {
    const bob = await person("mail.test");
    await keepNextDay(bob, OF_PERSON);
    await expectRejection(
      keepNextDay(bob, 1),
      "BLOBS_FULL",
      /bob|p\d+@mail.test at most 1000 bytes/,
    );
    for (let other = 1; other < 5; other++) await keepNextDay(await person("mail.test"), OF_PERSON);
    const sixth = await person("mail.test");
    await expectRejection(
      keepNextDay(sixth, 1),
      "LIMIT_EXCEEDED",
      /everybody of mail.test at most 5000/,
    );
    for (let other = 5; other < 20; other++) {
      const who = await person(`d${other % 4}.test`);
      await keepNextDay(who, OF_PERSON);
      await stores.links.removeLink(who.native);
    }
    const last = await person("other.test");
    await expectRejection(keepNextDay(last, 1), "LIMIT_EXCEEDED", /room for 20000 bytes/);
  });

  it("are bounded for a receiver and for an ENS domain, so that others still get theirs", async () => {
    for (let count = 0; count < 2; count++) {
      await keepNextDay(await person(`d${count}.test`), OF_PERSON, "full.eth");
    }
    const who = await person("mail.test");
    await expectRejection(
      keepNextDay(who, 1, "full.eth"),
      "LIMIT_EXCEEDED",
      /For full.eth at most 2000 bytes/,
    );
    await keepNextDay(who, 1, "sub.full.eth");
    for (let count = 0; count < 10; count++) {
      const from = await person(`e${count % 4}.test`);
      await keepNextDay(from, OF_PERSON, `n${count}.many.eth`);
    }
    await expectRejection(
      keepNextDay(who, 1, "new.many.eth"),
      "LIMIT_EXCEEDED",
      /For \*\.many\.eth at most 10000 bytes/,
    );
    await keepNextDay(who, 1, "nomany.eth");
  });

  it("for several receivers count for each of them, once, until their time ends", async () => {
    const { native, account } = await person("mail.test");
    const sealed = randomBytes(OF_PERSON);
    const piece = { sha256: sha256(sealed), sealed };
    for (const to of ["a.eth", "b.eth", "a.eth"]) {
      await pieces.withRoom(native, to as NormalName, OF_PERSON, piece.sha256, () =>
        pieces.keep(account, piece),
      );
    }
    const { rows } = await database.pool.query(
      `select receiver, bytes from ${bridgeTables(stores.schema).keptFor} order by receiver`,
    );
    expect(rows).to.deep.equal(
      ["a.eth", "b.eth"].map((receiver) => ({ receiver, bytes: String(OF_PERSON) })),
    );
    await keepNextDay(await person("c.test"), OF_PERSON, "a.eth");
    const other = await person("d.test");
    await expectRejection(keepNextDay(other, 1, "a.eth"), "LIMIT_EXCEEDED", /For a.eth/);
    clockMs += 1_001;
    await keepNextDay(other, 1, "a.eth");
  });

  it("are bounded in a day, for a person and for a domain", async () => {
    const bob = await person("mail.test");
    await keep(bob, 250);
    await expectRejection(keep(bob, 1), "LIMIT_EXCEEDED", /p\d+@mail.test at most 250 bytes/);
    await keep(await person("mail.test"), 250);
    await keep(await person("mail.test"), 125);
    const fourth = await person("mail.test");
    await expectRejection(keep(fourth, 1), "LIMIT_EXCEEDED", /everybody of mail.test at most 625/);
    await keep(await person("other.test"), 250);
    await keepNextDay(bob, 250);
  });

  it("are bounded to the byte where several come at once", async () => {
    for (let other = 0; other < 4; other++) await keepNextDay(await person("m.test"), OF_PERSON);
    await keepNextDay(await person("m.test"), OF_PERSON - 50);
    nowMs += 86_400_000;
    // there is room for one of them, and each is within its day
    const last = await Promise.all(Array.from({ length: 6 }, () => person("m.test")));
    const all = await Promise.allSettled(last.map((who) => keep(who, 40)));
    const kept = all.filter(({ status }) => status === "fulfilled");
    expect(kept).to.have.length(1);
  });

  it("need no room where they are kept already", async () => {
    const { native, account } = await person("mail.test");
    const sealed = randomBytes(OF_PERSON);
    const piece = { sha256: sha256(sealed), sealed };
    for (let time = 0; time < 2; time++) {
      await pieces.withRoom(native, ALICE, OF_PERSON, piece.sha256, () =>
        pieces.keep(account, piece),
      );
    }
    const { native: other } = await person("mail.test");
    const none = () => Promise.resolve();
    const room = pieces.withRoom(other, ALICE, OF_PERSON + 1, piece.sha256, none);
    await expectRejection(room, "BLOBS_FULL", /./);
  });
});
