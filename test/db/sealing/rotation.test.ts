/** Rotation of the keys of secrets on a real database, while others write and read, and killed in the middle. */
import { expect } from "chai";
import { newDataKey } from "../../../src/sealing/dataKeys.js";
import type { DataKeyStore } from "../../../src/sealing/dataKeyStore.js";
import type { SealedColumn } from "../../../src/sealing/place.js";
import { rewrapAll } from "../../../src/sealing/rewrap.js";
import { rotate } from "../../../src/sealing/rotation.js";
import type { SealedRows } from "../../../src/sealing/sealedRows.js";
import { sealingStatus } from "../../../src/sealing/sealingStatus.js";
import { type ChildProgram, startProgram } from "../../childProgram.js";
import { expectRejection } from "../../expectError.js";
import { PASSWORD } from "../../sealing/sampleColumn.js";
import {
  domainOf,
  type Keeper,
  openSealingWorld,
  placeOf,
  type SealingWorld,
} from "./sealingWorld.js";
import { startTraffic } from "./traffic.js";

const FORMER_ACCOUNT = { ...PASSWORD, table: "former_account" };

describe("db/sealing: rotation", function () {
  this.timeout(180_000);
  let world: SealingWorld;
  let keyFile: string;
  let keeper: Keeper;

  before(async () => {
    world = await openSealingWorld();
    keyFile = await world.newKeyFile();
  });
  beforeEach(async () => {
    await world.pool.query(`truncate ${world.schemas.sealing}.data_key cascade`);
    keeper = await world.keeper([keyFile]);
  });
  after(() => world.close());

  const account = () => `${world.schemas.own}.account`;
  const dataKeys = async () => (await keeper.store.all()).map(({ id, state }) => ({ id, state }));
  const usedKeys = async () => [...(await keeper.columns[0]!.count()).keys()];
  const newKeeper = () => world.keeper([keyFile]);
  const startRotation = (): ChildProgram =>
    startProgram("test/db/sealing/rotateProgram.ts", [
      world.url,
      JSON.stringify(world.schemas),
      keyFile,
    ]);

  async function seed(count: number): Promise<void> {
    for (let id = 0; id < count; id += 20) {
      const ids = Array.from({ length: Math.min(20, count - id) }, (_, index) =>
        BigInt(id + index),
      );
      await Promise.all(ids.map((each) => keeper.write(each, `p${each}`)));
    }
  }
  async function expectSeeded(count: number): Promise<void> {
    const reader = await newKeeper();
    for (let id = 0; id < count; id++) {
      expect(await reader.read(BigInt(id))).to.equal(`p${id}`);
    }
  }

  it("seals every value anew, over several pages, and drops the former key", async () => {
    await seed(230);
    const [former] = await dataKeys();
    const progress: number[] = [];
    const onProgress = (moved: number) => progress.push(moved);
    const report = await rotate({ ...keeper, onProgress }, "refuse");
    expect(report).to.deep.equal({
      ...{ rewrapped: 0, moved: 230, dropped: [former!.id], left: [], leftBefore: [] },
      unreadable: { count: 0, first: [] },
    });
    expect(progress).to.deep.equal([100, 200, 230]);
    const [current, ...others] = await dataKeys();
    expect([current!.state, others]).to.deep.equal(["current", []]);
    expect(current!.id).not.to.equal(former!.id);
    expect(await usedKeys()).to.deep.equal([current!.id]);
    await expectSeeded(230);
  });

  it("has nothing to do where nothing is sealed", async () => {
    const report = await rotate(keeper, "refuse");
    expect([report.moved, report.dropped, await dataKeys()]).to.deep.equal([0, [], []]);
    await expectRejection(
      rotate(await world.keeper([]), "refuse"),
      "INVALID_CONFIGURATION",
      /SECRETS_KEY_LOCATION/,
    );
  });

  it("loses nothing while four write and four read, killed in the middle and begun again", async () => {
    const seeded = 800;
    await seed(seeded);
    const [former] = await dataKeys();
    const traffic = await startTraffic(newKeeper, { writers: 4, readers: 4, firstId: 1_000_000 });
    const killed = startRotation();
    await killed.printed(/moved 200/);
    killed.process.kill("SIGKILL");
    expect((await killed.ended).signal).to.equal("SIGKILL");
    const inBetween = await keeper.columns[0]!.count();
    expect(inBetween.size, "data keys with values").to.equal(2);
    expect(inBetween.get(former!.id), "values still to move").to.be.above(100);
    expect((await dataKeys()).map(({ state }) => state)).to.deep.equal(["retiring", "current"]);
    const [, begun] = await dataKeys();
    await expectSeeded(seeded);

    const before = { ...traffic.counts };
    const { exitStatus, stdout } = await startRotation().ended;
    expect(exitStatus, stdout).to.equal(0);
    expect(traffic.counts.writes - before.writes, "writes meanwhile").to.be.above(20);
    expect(traffic.counts.reads - before.reads, "reads meanwhile").to.be.above(20);
    await traffic.end();
    // it went on, and did not begin another one
    expect(await dataKeys()).to.deep.equal([{ id: begun!.id, state: "current" }]);
    expect(await usedKeys()).to.deep.equal([begun!.id]);
    await expectSeeded(seeded);
  });

  it("shares the work with another one at the same time", async () => {
    await seed(500);
    const [former] = await dataKeys();
    const traffic = await startTraffic(newKeeper, { writers: 2, readers: 2, firstId: 1_000_000 });
    const two = [startRotation(), startRotation()];
    for (const each of two) expect((await each.ended).exitStatus, each.output()).to.equal(0);
    await traffic.end();
    const left = await dataKeys();
    expect(left.map(({ state }) => state)).to.deep.equal(["current"]);
    expect(left[0]!.id).not.to.equal(former!.id);
    await expectSeeded(500);
  });

  it("shares it in one process as well, in whichever way they meet", async () => {
    for (let round = 0; round < 3; round++) {
      await seed(120);
      const keepers = await Promise.all(Array.from({ length: 3 }, newKeeper));
      await Promise.all(keepers.map((each) => rotate(each, "refuse")));
      expect((await dataKeys()).map(({ state }) => state)).to.deep.equal(["current"]);
      await expectSeeded(120);
    }
  });

  it("goes on with the key of another one, when that one has dropped its own", async () => {
    await seed(6);
    const [rows] = keeper.columns;
    // one that knows no column takes it over and leaves the former key, and the next one drops what this one made
    const twoOthers = async () => {
      for (let count = 0; count < 2; count++) {
        expect((await rotate(await world.keeper([keyFile], []), "refuse")).left).to.have.length(1);
      }
    };
    let others: Promise<void> | null = null;
    let exchanges = 0;
    const exchange: SealedRows["exchange"] = async (...question) => {
      exchanges++;
      await (others ??= twoOthers());
      return rows!.exchange(...question);
    };
    const report = await rotate({ ...keeper, columns: [{ ...rows!, exchange }] }, "refuse");
    expect(exchanges, "each value twice").to.equal(12);
    expect(report).to.deep.include({ moved: 6, left: [] });
    expect((await dataKeys()).map(({ state }) => state)).to.deep.equal(["current"]);
    await expectSeeded(6);
  });

  it("lets a write and a read that began before it end after it", async () => {
    await keeper.write(1n, "hunter2");
    const late = await newKeeper();
    let stores = 0;
    await late.secrets.write(placeOf(2n), new TextEncoder().encode("late"), async (sealed) => {
      stores++;
      if (stores === 1) await rotate(keeper, "refuse");
      const text = `insert into ${account()} (domain, id, password) values ($1, $2, $3)`;
      await world.pool.query(text, [domainOf(2n), 2n, sealed]);
    });
    expect(stores).to.equal(2);
    expect(await keeper.read(2n)).to.equal("late");

    let loads = 0;
    const fresh = await newKeeper();
    const secret = await fresh.secrets.read(placeOf(1n), async () => {
      const { rows } = await world.pool.query<{ password: Buffer }>(
        `select password from ${account()} where id = 1`,
      );
      loads++;
      if (loads === 1) await rotate(keeper, "refuse");
      return rows[0]!.password;
    });
    expect([loads, new TextDecoder().decode(secret!)]).to.deep.equal([2, "hunter2"]);
  });

  it("keeps a value that is written between its read and its exchange", async () => {
    await keeper.write(1n, "old");
    const rows = keeper.columns[0]!;
    const slow: SealedRows = {
      ...rows,
      page: async (...question) => {
        const page = await rows.page(...question);
        if (page.length > 0) await keeper.write(1n, "new");
        return page;
      },
    };
    const report = await rotate({ ...keeper, columns: [slow] }, "refuse");
    expect([report.moved, report.left]).to.deep.equal([0, []]);
    expect(await keeper.read(1n)).to.equal("new");
  });

  it("leaves altered values and their key as they are, and says which; the next one is free", async () => {
    await seed(30);
    const [former] = await dataKeys();
    const flip = `update ${account()} set password = set_byte(password, 30, get_byte(password, 30) # 1) where id in (7, 9)`;
    await world.pool.query(flip);
    const report = await rotate(keeper, "refuse");
    expect(report).to.deep.include({ moved: 28, dropped: [], left: [former!.id] });
    expect(report.unreadable).to.deep.equal({
      count: 2,
      // in the order of the primary key
      first: [9n, 7n].map((id) => ({ column: PASSWORD, row: [domainOf(id), id] })),
    });
    expect((await dataKeys()).map(({ state }) => state)).to.deep.equal(["left", "current"]);
    await expectRejection(keeper.read(7n), "SECRET_UNREADABLE", /./);
    expect(await keeper.read(8n)).to.equal("p8");

    await world.pool.query(flip);
    const next = await rotate(await newKeeper(), "refuse");
    expect(next).to.deep.include({ moved: 30, left: [] });
    expect(next.dropped).to.have.length(2).and.to.include(former!.id);
    await expectSeeded(30);
  });

  it("drops no key that a column needs of which this process does not know", async () => {
    await keeper.write(1n, "hunter2");
    const [former] = await dataKeys();
    await world.pool.query(
      `insert into ${world.schemas.own}.${FORMER_ACCOUNT.table} (domain, id, password) select domain, id, password from ${account()}`,
    );
    const report = await rotate(keeper, "refuse");
    expect(report).to.deep.include({ moved: 1, dropped: [], left: [former!.id] });
    // of the other table's own place it never was
    const both = await world.keeper([keyFile], [PASSWORD, FORMER_ACCOUNT]);
    const next = await rotate(both, "refuse");
    expect(next.unreadable.first).to.deep.equal([
      { column: FORMER_ACCOUNT, row: [domainOf(1n), 1n] },
    ]);
  });

  it("does not begin where the database would let a key go that is needed", async () => {
    await keeper.write(1n, "hunter2");
    const { own, sealing } = world.schemas;
    const unguarded = { ...PASSWORD, table: "unguarded" };
    const reference = `foreign key (password_key) references ${sealing}.data_key (id)`;
    const other = `password_key uuid generated always as (encode(substring(token from 2 for 16), 'hex')::uuid) stored`;
    for (const definition of [
      // neither, a plain column, one that refers to nothing, one that refers to another table
      `(like ${account()})`,
      `(like ${account()}, ${reference})`,
      `(like ${account()} including generated)`,
      `(like ${account()} including generated, foreign key (password_key) references ${own}.other (id))`,
      // generated from another column, or in another way
      `(domain text, id bigint, password bytea, token bytea, ${other}, ${reference})`,
      `(domain text, id bigint, password bytea, password_key uuid generated always as (null) stored, ${reference})`,
      `(like ${account()} including generated, ${reference} on delete cascade)`,
    ]) {
      await world.pool.query(`create table if not exists ${own}.other (id uuid primary key)`);
      await world.pool.query(`create table ${own}.unguarded ${definition}`);
      const both = await world.keeper([keyFile], [PASSWORD, unguarded]);
      await expectRejection(
        rotate(both, "refuse"),
        "INTERNAL",
        /mail\.unguarded.*references data_key/,
      );
      await world.pool.query(`drop table ${own}.unguarded`);
    }
    expect((await dataKeys()).map(({ state }) => state)).to.deep.equal(["current"]);
  });

  it("knows the guard of a column by any names, however Postgres shows its expression", async () => {
    const { own, sealing } = world.schemas;
    const column = { ...PASSWORD, table: "odd", column: 'A "b"', dataKeyColumn: "select" };
    for (const idOfKey of [`substring("A ""b""" from 2 for 16)`, `substring("A ""b""", 2, 16)`]) {
      await world.pool.query(`
        create table ${own}.odd (
          domain text, id bigint, "A ""b""" bytea, primary key (domain, id),
          "select" uuid generated always as (encode(${idOfKey}, 'hex')::uuid) stored
                   references ${sealing}.data_key (id)
        )`);
      const both = await world.keeper([keyFile], [PASSWORD, column]);
      await both.columns[1]!.assertGuarded();
      await world.pool.query(`drop table ${own}.odd`);
    }
  });

  describe("with a table of which this process does not know", () => {
    const makeUnknown = (action: string) =>
      world.pool.query(
        `create table ${world.schemas.own}.unknown (like ${account()} including generated,
           foreign key (password_key) references ${world.schemas.sealing}.data_key (id) on delete ${action});
         insert into ${world.schemas.own}.unknown (domain, id, password)
           select domain, id, password from ${account()}`,
      );
    const rowsOfUnknown = async () =>
      (await world.pool.query(`select from ${world.schemas.own}.unknown`)).rows.length;
    beforeEach(() => keeper.write(1n, "hunter2"));
    afterEach(() => world.pool.query(`drop table ${world.schemas.own}.unknown`));

    it("does not begin where that would delete its values (on delete cascade)", async () => {
      await makeUnknown("cascade");
      await expectRejection(
        rotate(keeper, "refuse"),
        "INTERNAL",
        /rows of scratch_\w+_mail\.unknown, whose foreign keys to data_key have a delete action/,
      );
      expect((await dataKeys()).map(({ state }) => state)).to.deep.equal(["current"]);
      expect(await rowsOfUnknown()).to.equal(1);
    });

    it("leaves the key where the table forbids its end in words of its own (on delete restrict)", async () => {
      await makeUnknown("restrict");
      const [former] = await dataKeys();
      const report = await rotate(keeper, "refuse");
      expect(report).to.deep.include({ moved: 1, dropped: [], left: [former!.id] });
      expect(await rowsOfUnknown()).to.equal(1);
    });
  });

  it("moves again what a slow writer brings between the last look and the drop", async () => {
    await seed(3);
    const late = await newKeeper();
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let isSealed = (): void => undefined;
    const sealedBefore = new Promise<void>((resolve) => (isSealed = resolve));
    const written = late.secrets.write(
      placeOf(50n),
      new TextEncoder().encode("p50"),
      async (sealed) => {
        isSealed();
        await released;
        const text = `insert into ${account()} (domain, id, password) values ($1, $2, $3)`;
        await world.pool.query(text, [domainOf(50n), 50n, sealed]);
      },
    );
    await sealedBefore;
    const drop: DataKeyStore["drop"] = async (id) => {
      release();
      await written;
      return keeper.store.drop(id);
    };
    const report = await rotate({ ...keeper, store: { ...keeper.store, drop } }, "refuse");
    expect(report).to.deep.include({ moved: 4, left: [] });
    expect(report.dropped).to.have.length(1);
    expect(await keeper.read(50n)).to.equal("p50");
  });

  it("ends with an error when it can never exchange a value", async () => {
    await keeper.write(1n, "hunter2");
    const [rows] = keeper.columns;
    const stuck: SealedRows = { ...rows!, exchange: () => Promise.resolve(false) };
    await expectRejection(
      rotate({ ...keeper, columns: [stuck] }, "refuse"),
      "INTERNAL",
      /kept changing while they were resealed/,
    );
    expect(await keeper.read(1n)).to.equal("hunter2");
    expect(await rotate(keeper, "refuse")).to.deep.include({ moved: 1, left: [] });
  });

  it("knows rows by bytes, UUIDs and small integers, by any names, and passes over those without a secret", async () => {
    const column: SealedColumn = {
      capability: "mail",
      table: "order",
      column: "token",
      primaryKey: [
        { column: "node", type: "bytea" },
        { column: "session", type: "uuid" },
        { column: "Limit", type: "bigint" },
      ],
      dataKeyColumn: "token_key",
    };
    const both = await world.keeper([keyFile], [PASSWORD, column]);
    const table = `${world.schemas.own}."order"`;
    const rowOf = (index: number) => [
      Uint8Array.of(index % 5, 0xff),
      `9A1B6C0E-1111-4222-8333-${String(index % 7).padStart(12, "0")}`,
      BigInt(index - 100),
    ];
    for (let index = 0; index < 215; index++) {
      const row = rowOf(index);
      await both.secrets.write({ column, row }, Uint8Array.of(index), (sealed) =>
        world.pool.query(`insert into ${table} values ($1, $2, $3, $4)`, [...row, sealed]),
      );
    }
    const empty = [Uint8Array.of(1), rowOf(0)[1], 1n];
    await world.pool.query(`insert into ${table} values ($1, $2, $3)`, empty);
    const report = await rotate(both, "refuse");
    expect(report).to.deep.include({ moved: 215, left: [], unreadable: { count: 0, first: [] } });
    const status = await sealingStatus(await both.store.all(), both.wrappingKeys, both.columns);
    expect(status.dataKeys.map(({ values }) => values)).to.deep.equal([
      { "mail.order.token": 215 },
    ]);
    const fresh = await newKeeper();
    for (let index = 0; index < 215; index++) {
      const secret = await fresh.secrets.read({ column, row: rowOf(index) }, async () => {
        const where = `where node = $1 and session = $2 and "Limit" = $3`;
        const { rows } = await world.pool.query<{ token: Buffer }>(
          `select token from ${table} ${where}`,
          rowOf(index),
        );
        return rows[0]!.token;
      });
      expect(secret).to.deep.equal(Uint8Array.of(index));
    }
  });

  it("is over before the database is restored: there the key opens all in any schema, and no other does", async () => {
    await seed(5);
    await rotate(keeper, "refuse");
    const restored = await openSealingWorld();
    try {
      const { own, sealing } = world.schemas;
      await world.pool.query(
        `insert into ${restored.schemas.sealing}.data_key select * from ${sealing}.data_key;
         insert into ${restored.schemas.own}.account (domain, id, password)
         select domain, id, password from ${own}.account`,
      );
      expect(await (await restored.keeper([keyFile])).read(4n)).to.equal("p4");
      const without = await restored.keeper([await restored.newKeyFile()]);
      await expectRejection(without.secrets.check(), "SECRETS_KEY_MISSING", /what is left/);
    } finally {
      await restored.close();
    }
  });

  it("wraps the data keys by another key of the operator, and touches no value", async () => {
    await seed(3);
    const before = await world.pool.query(`select id, password from ${account()} order by id`);
    const newFile = await world.newKeyFile();
    const both = await world.keeper([newFile, keyFile]);
    const none = { left: [], leftBefore: [] };
    expect(await rewrapAll(both, "refuse")).to.deep.equal({ rewrapped: 1, ...none });
    expect(await rewrapAll(both, "refuse")).to.deep.equal({ rewrapped: 0, ...none });
    const after = await world.pool.query(`select id, password from ${account()} order by id`);
    expect(after.rows).to.deep.equal(before.rows);
    const onlyNew = await world.keeper([newFile]);
    expect(await onlyNew.read(2n)).to.equal("p2");
    await expectRejection((await newKeeper()).read(2n), "SECRETS_KEY_MISSING", /./);
    // a process that has it open goes on
    expect(await keeper.read(1n)).to.equal("p1");
  });

  it("keeps those at work that know the new key as a former one already, and stops others", async () => {
    await seed(3);
    const newFile = await world.newKeyFile();
    const prepared = await world.keeper([keyFile, newFile]);
    const restarted = await world.keeper([newFile, keyFile]);
    await rotate(restarted, "refuse");
    await restarted.write(10n, "p10");
    await prepared.secrets.check();
    await prepared.write(11n, "p11");
    expect(await prepared.read(10n)).to.equal("p10");
    expect(await restarted.read(11n)).to.equal("p11");
    const unprepared = await newKeeper();
    await expectRejection(unprepared.secrets.check(), "SECRETS_KEY_MISSING", /./);
    await expectRejection(unprepared.read(10n), "SECRETS_KEY_MISSING", /./);
  });

  it("does both at once when the operator's key has changed", async () => {
    await seed(5);
    const newFile = await world.newKeyFile();
    const report = await rotate(await world.keeper([newFile, keyFile]), "refuse");
    expect(report).to.deep.include({ rewrapped: 1, moved: 5, left: [] });
    expect(await (await world.keeper([newFile])).read(4n)).to.equal("p4");
  });

  it("after the loss of a key goes on with a new one only when told to, and finds it again", async () => {
    await seed(4);
    const newFile = await world.newKeyFile();
    const lost = await world.keeper([newFile]);
    await expectRejection(rotate(lost, "refuse"), "SECRETS_KEY_MISSING", /./);
    await expectRejection(rewrapAll(lost, "refuse"), "SECRETS_KEY_MISSING", /./);
    const [former] = await dataKeys();
    expect(former?.state).to.equal("current");
    expect(await rewrapAll(lost, "leave")).to.deep.equal({
      ...{ rewrapped: 0, left: [former?.id], leftBefore: [] },
    });

    const report = await rotate(lost, "leave");
    expect(report).to.deep.include({ moved: 0, dropped: [], rewrapped: 0 });
    expect(report.left).to.have.length(1);
    expect(report.unreadable).to.deep.equal({
      count: 4,
      first: [0n, 3n, 1n, 2n].map((id) => ({
        column: PASSWORD,
        row: [domainOf(id), id],
      })),
    });
    await lost.secrets.check();
    await lost.write(100n, "new");
    expect(await lost.read(100n)).to.equal("new");
    await expectRejection(lost.read(1n), "SECRETS_KEY_MISSING", /./);

    const found = await world.keeper([newFile, keyFile]);
    expect(await rotate(found, "refuse")).to.deep.include({ rewrapped: 1, moved: 5, left: [] });
    expect(await (await world.keeper([newFile])).read(3n)).to.equal("p3");
  });

  describe("after a lost key was left", () => {
    let newFile: string;
    let lostId: string;
    let present: Keeper;
    beforeEach(async () => {
      await seed(4);
      newFile = await world.newKeyFile();
      present = await world.keeper([newFile]);
      [lostId = ""] = (await rotate(present, "leave")).left;
      await present.write(100n, "new");
    });
    const newPresent = () => world.keeper([newFile]);

    it("lets capabilities start in the middle of a later one, which needs no word about it", async () => {
      let checks = 0;
      const [rows] = present.columns;
      const exchange: SealedRows["exchange"] = async (...question) => {
        await (await newPresent()).secrets.check();
        checks++;
        return rows!.exchange(...question);
      };
      const report = await rotate({ ...present, columns: [{ ...rows!, exchange }] }, "refuse");
      expect(report).to.deep.include({ moved: 1, left: [], leftBefore: [lostId] });
      expect(checks).to.equal(1);
      expect((await dataKeys())[0]).to.deep.equal({ id: lostId, state: "left" });
      expect(await rewrapAll(await newPresent(), "refuse")).to.deep.equal({
        ...{ rewrapped: 0, left: [], leftBefore: [lostId] },
      });
    });

    it("still refuses another one that is lost", async () => {
      const third = await world.keeper([await world.newKeyFile()]);
      for (const action of [rotate, rewrapAll]) {
        const error = await expectRejection(action(third, "refuse"), "SECRETS_KEY_MISSING", /./);
        expect(error.details).not.to.include({ dataKey: lostId });
      }
      const report = await rotate(third, "leave");
      expect(report).to.deep.include({ moved: 0, leftBefore: [lostId] });
      expect(report.left).to.have.length(1);
      await third.secrets.check();
    });

    it("drops it as soon as no secret needs it", async () => {
      for (const id of [0n, 1n, 2n]) await present.write(id, "anew");
      expect(await rotate(await newPresent(), "refuse")).to.deep.include({ leftBefore: [lostId] });
      await present.write(3n, "anew");
      const report = await rotate(await newPresent(), "refuse");
      expect(report).to.deep.include({ left: [], leftBefore: [] });
      expect(report.dropped).to.include(lostId);
    });

    it("finds it again with its key, and moves what it sealed", async () => {
      const both = await world.keeper([newFile, keyFile]);
      const report = await rotate(both, "refuse");
      expect(report).to.deep.include({ rewrapped: 1, moved: 5, left: [], leftBefore: [] });
      expect(report.dropped).to.include(lostId);
      expect(await (await newPresent()).read(3n)).to.equal("p3");
    });
  });

  it("leaves what it cannot open when it goes on with one that was killed, before it moves anything", async () => {
    await seed(2);
    const [rows] = keeper.columns;
    const exchange = () => Promise.reject(new Error("killed"));
    await rotate({ ...keeper, columns: [{ ...rows!, exchange }] }, "refuse").catch(() => undefined);
    expect((await dataKeys()).map(({ state }) => state)).to.deep.equal(["retiring", "current"]);
    const lost = await world.keeper([await world.newKeyFile()]);
    const drop: DataKeyStore["drop"] = async (id) => {
      expect((await dataKeys())[0]!.state).to.equal("left");
      return keeper.store.drop(id);
    };
    const report = await rotate({ ...lost, store: { ...lost.store, drop } }, "leave");
    expect(report.left).to.include((await dataKeys())[0]!.id);
  });

  describe("goes on with one that was interrupted, of whose data keys", () => {
    /**
     * A rotation of 30 values that ended in the middle: the retiring data key is wrapped by the key in `keyFile`, the
     * current one by that in the file `by`.
     */
    async function interrupted(by: string): Promise<void> {
      await seed(30);
      const [former] = await keeper.store.all();
      const [rows] = keeper.columns;
      const underWay: Promise<boolean>[] = [];
      const exchange: SealedRows["exchange"] = (...question) => {
        if (underWay.length === 10) return Promise.reject(new Error("killed"));
        const exchanged = rows!.exchange(...question);
        underWay.push(exchanged);
        return exchanged;
      };
      const both = await world.keeper([by, keyFile]);
      await rotate({ ...both, columns: [{ ...rows!, exchange }] }, "refuse").catch(() => undefined);
      await Promise.all(underWay);
      const [retiring] = await keeper.store.all();
      // it has wrapped that one as well
      expect(await keeper.store.rewrap(retiring!, former!)).to.equal(true);
      expect(await states()).to.deep.equal(["retiring", "current"]);
    }
    const states = async () => (await dataKeys()).map(({ state }) => state);

    it("the current one is lost: it takes another one, and moves what it can, at once", async () => {
      const lostFile = await world.newKeyFile();
      await interrupted(lostFile);
      const [retiring, current] = await dataKeys();
      const present = await world.keeper([await world.newKeyFile(), keyFile]);
      await expectRejection(rotate(present, "refuse"), "SECRETS_KEY_MISSING", /./);
      const movedBefore = (await keeper.columns[0]!.count()).get(current!.id) ?? 0;
      expect(movedBefore).to.be.above(0);

      const report = await rotate(present, "leave");
      expect(report).to.deep.include({
        ...{ moved: 30 - movedBefore, dropped: [retiring!.id], left: [current!.id] },
      });
      expect(report.unreadable.count).to.equal(movedBefore);
      expect(await states()).to.deep.equal(["left", "current"]);
      await present.secrets.check();
    });

    it("both are lost: one run leaves both, and a capability starts", async () => {
      await interrupted(keyFile);
      const present = await world.keeper([await world.newKeyFile()]);
      const report = await rotate(present, "leave");
      expect(report.left).to.have.length(2);
      expect(report.unreadable.count).to.equal(30);
      expect(await states()).to.deep.equal(["left", "left", "current"]);
      await present.secrets.check();
      await present.write(1n, "anew");
      const next = await rotate(present, "refuse");
      expect(next).to.deep.include({ moved: 1, left: [] });
    });

    it("a full one is lost: it is left as well", async () => {
      await interrupted(keyFile);
      const fullFile = await world.newKeyFile();
      const full = await world.keeper([fullFile]);
      const [, current] = await keeper.store.all();
      await full.store.succeed(current!.id, await newDataKey(full.wrappingKeys), "full");
      const [, , lost] = await keeper.store.all();
      await keeper.store.succeed(lost!.id, await newDataKey(keeper.wrappingKeys), "full");
      const report = await rotate(await newKeeper(), "leave");
      expect(report).to.deep.include({ left: [] });
      await (await newKeeper()).secrets.check();
    });
  });

  it("is told of by the status: keys, whether they are here, and what they sealed", async () => {
    await seed(4);
    const newFile = await world.newKeyFile();
    const both = await world.keeper([newFile, keyFile]);
    const [former] = await keeper.store.all();
    const status = await sealingStatus(await both.store.all(), both.wrappingKeys, both.columns);
    expect(status.wrappingKeys).to.deep.equal([
      {
        id: await both.wrappingKeys[0]!.id(),
        description: `the file ${newFile}`,
        presence: "here",
        trouble: null,
        dataKeys: 0,
      },
      {
        id: former!.wrappingKey,
        description: `the file ${keyFile}`,
        presence: "here",
        trouble: null,
        dataKeys: 1,
      },
    ]);
    const { createdMs, ...facts } = status.dataKeys[0]!;
    expect(facts).to.deep.equal({
      id: former!.id,
      state: "current",
      wrappingKey: former!.wrappingKey,
      isHere: true,
      seals: 4n,
      values: { "mail.account.password": 4 },
    });
    expect(createdMs).to.be.closeTo(Date.now(), 60_000);
    const lost = await world.keeper([newFile]);
    const without = await sealingStatus(await lost.store.all(), lost.wrappingKeys, lost.columns);
    expect(without.dataKeys[0]!.isHere).to.equal(false);
  });
});
