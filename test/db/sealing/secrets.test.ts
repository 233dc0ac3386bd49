/** Secrets of a capability, on a real database. */
import { expect } from "chai";
import { openPool } from "../../../src/db/pool.js";
import { dataKeysOf, MOST_SEALS } from "../../../src/sealing/dataKeys.js";
import type { DataKeyStore } from "../../../src/sealing/dataKeyStore.js";
import { rotate } from "../../../src/sealing/rotation.js";
import { expectRejection } from "../../expectError.js";
import {
  type Keeper,
  keeperOn,
  openSealingWorld,
  placeOf,
  type SealingWorld,
} from "./sealingWorld.js";

describe("db/sealing: secrets", () => {
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
  const setPassword = (id: bigint, change: string) =>
    world.pool.query(`update ${account()} set password = ${change} where id = $1`, [id]);

  it("are written and read, also by another process, and are not in the database", async () => {
    await keeper.write(1n, "hunter2");
    await keeper.write(2n, "");
    await keeper.write(2n, "correct horse");
    const other = await world.keeper([keyFile]);
    expect(await other.read(1n)).to.equal("hunter2");
    expect(await other.read(2n)).to.equal("correct horse");
    expect(await other.read(3n)).to.equal(null);
    const dump = await world.pool.query(`select to_jsonb(a) as row from ${account()} a`);
    const keys = await world.pool.query(
      `select to_jsonb(k) as row from ${world.schemas.sealing}.data_key k`,
    );
    const all = JSON.stringify([dump.rows, keys.rows]);
    expect(all).to.match(/\\\\x01/);
    expect(all).not.to.include(Buffer.from("hunter2").toString("hex"));
    expect(all).not.to.include(Buffer.from("correct horse").toString("hex"));
  });

  it("share one data key, however many processes begin at once", async () => {
    const keepers = await Promise.all(Array.from({ length: 8 }, () => world.keeper([keyFile])));
    await Promise.all(keepers.map((each, index) => each.write(BigInt(index), `p${index}`)));
    const keys = await keeper.store.all();
    expect(keys.map(({ state, seals }) => [state, seals])).to.deep.equal([["current", 8n]]);
    expect(await keeper.read(5n)).to.equal("p5");
  });

  it("need no key while there are none, and say what to do when one is wanted", async () => {
    const without = await world.keeper([]);
    expect(await without.read(1n)).to.equal(null);
    for (const action of [() => without.write(1n, "x"), () => without.secrets.check()]) {
      await expectRejection(
        action(),
        "INVALID_CONFIGURATION",
        /secrets new-key.*SECRETS_KEY_LOCATION=file:/,
      );
    }
    expect(await keeper.store.all()).to.deep.equal([]);
  });

  it("are not opened without their key, nor others written beside them", async () => {
    await keeper.write(1n, "hunter2");
    const [dataKey] = await keeper.store.all();
    for (const keyFiles of [[], [await world.newKeyFile()]]) {
      const wrong = await world.keeper(keyFiles);
      const actions = [
        () => wrong.read(1n),
        () => wrong.write(2n, "x"),
        () => wrong.secrets.check(),
      ];
      for (const action of actions) {
        const error = await expectRejection(
          action(),
          "SECRETS_KEY_MISSING",
          /neither SECRETS_KEY_LOCATION nor SECRETS_FORMER_KEY_LOCATIONS/,
        );
        expect(error.details).to.deep.equal({
          wrappingKey: dataKey!.wrappingKey,
          dataKey: dataKey!.id,
        });
      }
    }
    expect(await keeper.store.all()).to.have.length(1);
    expect(await keeper.read(2n)).to.equal(null);
  });

  it("are opened by a former key, which seals nothing new on its own", async () => {
    await keeper.write(1n, "hunter2");
    const both = await world.keeper([await world.newKeyFile(), keyFile]);
    expect(await both.read(1n)).to.equal("hunter2");
    await both.write(2n, "x");
    expect(await keeper.read(2n)).to.equal("x");
  });

  it("are checked at the start of a capability, which makes the first data key", async () => {
    await keeper.secrets.check();
    await keeper.secrets.check();
    const [dataKey, ...others] = await keeper.store.all();
    expect([dataKey!.state, dataKey!.seals, others]).to.deep.equal(["current", 0n, []]);
  });

  it("are refused when they were altered or moved in the database", async () => {
    await keeper.write(1n, "hunter2");
    await keeper.write(2n, "other");
    const { rows } = await world.pool.query<{ password: Buffer }>(
      `select password from ${account()} where id = 1`,
    );
    const sealed = `'\\x${rows[0]!.password.toString("hex")}'::bytea`;
    const changes: [change: string, reason: string][] = [
      ["set_byte(password, 0, 2)", "form"],
      ["set_byte(password, 17, get_byte(password, 17) # 1)", "value"],
      [
        "set_byte(password, length(password) - 1, get_byte(password, length(password) - 1) # 1)",
        "value",
      ],
      ["password || '\\x00'::bytea", "value"],
      ["substring(password from 1 for 20)", "form"],
    ];
    for (const [change, reason] of changes) {
      await setPassword(1n, change);
      const error = await expectRejection(keeper.read(1n), "SECRET_UNREADABLE", /from a backup/);
      expect(error.details["reason"], change).to.equal(reason);
      await setPassword(1n, sealed);
      expect(await keeper.read(1n)).to.equal("hunter2");
    }
    await setPassword(2n, sealed);
    const moved = await expectRejection(
      keeper.read(2n),
      "SECRET_UNREADABLE",
      /moved to another row/,
    );
    expect(moved.details["reason"]).to.equal("value");
  });

  it("cannot name a data key that is not there, unless the database is told to look away", async () => {
    await keeper.write(1n, "hunter2");
    const otherKey = "set_byte(password, 1, get_byte(password, 1) # 1)";
    const refused: unknown = await setPassword(1n, otherKey).catch((error: unknown) => error);
    expect(String(refused)).to.match(/violates foreign key constraint/);
    await world.pool.query(`alter table ${account()} disable trigger all`);
    await setPassword(1n, otherKey);
    await world.pool.query(`alter table ${account()} enable trigger all`);
    const error = await expectRejection(keeper.read(1n), "SECRET_UNREADABLE", /table data_key/);
    expect(error.details["reason"]).to.equal("unknown data key");
  });

  it("are refused when their data key was altered", async () => {
    await keeper.write(1n, "hunter2");
    const table = `${world.schemas.sealing}.data_key`;
    for (const at of ["0", "12", "length(wrapped) - 1"]) {
      await world.pool.query(
        `update ${table} set wrapped = set_byte(wrapped, ${at}, get_byte(wrapped, ${at}) # 1)`,
      );
      const other = await world.keeper([keyFile]);
      const error = await expectRejection(
        other.read(1n),
        "SECRET_UNREADABLE",
        /data key was altered/,
      );
      expect(error.details["reason"]).to.equal("data key");
      await world.pool.query(
        `update ${table} set wrapped = set_byte(wrapped, ${at}, get_byte(wrapped, ${at}) # 1)`,
      );
      expect(await other.read(1n)).to.equal("hunter2");
    }
    // a wrapped key is bound to its id: one that stands in for another is none
    await world.pool.query(
      `insert into ${table} (id, state, wrapping_key, wrapped)
       select gen_random_uuid(), 'full', wrapping_key, wrapped from ${table}`,
    );
    const [, copy] = await keeper.store.all();
    await expectRejection(
      (await world.keeper([keyFile])).dataKeys.toOpen(copy!.id),
      "SECRET_UNREADABLE",
      /./,
    );
  });

  it("get a new data key when the former one has sealed as many as it may", async () => {
    await keeper.write(1n, "before");
    const table = `${world.schemas.sealing}.data_key`;
    await world.pool.query(`update ${table} set seals = ${MOST_SEALS - 2n}`);
    await keeper.write(2n, "last but one");
    await keeper.write(3n, "last");
    expect((await keeper.store.all()).map(({ seals }) => seals)).to.deep.equal([2n ** 28n]);
    // who cannot open the former one makes no next one, which the others could not open
    const wrong = await world.keeper([await world.newKeyFile()]);
    await expectRejection(wrong.write(4n, "x"), "SECRETS_KEY_MISSING", /./);
    expect(await keeper.store.all()).to.have.length(1);

    const keepers = await Promise.all(Array.from({ length: 6 }, () => world.keeper([keyFile])));
    await Promise.all(keepers.map((each, index) => each.write(BigInt(10 + index), `p${index}`)));
    expect((await keeper.store.all()).map(({ state, seals }) => [state, seals])).to.deep.equal([
      ["full", 2n ** 28n],
      ["current", 6n],
    ]);
    for (const [id, password] of [
      [1n, "before"],
      [3n, "last"],
      [12n, "p2"],
    ] as const) {
      expect(await keeper.read(id)).to.equal(password);
    }
  });

  it("are checked at the start under every data key, not only under the current one", async () => {
    await keeper.write(1n, "before");
    await world.pool.query(`update ${world.schemas.sealing}.data_key set seals = ${MOST_SEALS}`);
    const newFile = await world.newKeyFile();
    const both = await world.keeper([newFile, keyFile]);
    await both.write(2n, "after");
    await both.secrets.check();
    const onlyNew = await world.keeper([newFile]);
    expect(await onlyNew.read(2n)).to.equal("after");
    await expectRejection(onlyNew.secrets.check(), "SECRETS_KEY_MISSING", /./);
  });

  it("ask the database once for all that are sealed at the same moment, and count each", async () => {
    const counts: number[] = [];
    const store: DataKeyStore = {
      ...keeper.store,
      take: (count, most) => {
        counts.push(count);
        return keeper.store.take(count, most);
      },
    };
    const dataKeys = dataKeysOf(store, keeper.wrappingKeys);
    await dataKeys.check();
    counts.length = 0;
    await Promise.all(Array.from({ length: 50 }, () => dataKeys.toSeal(1)));
    expect(counts).to.deep.equal([50]);
    await Promise.all([dataKeys.toSeal(2), dataKeys.toSeal(3)]);
    await dataKeys.toSeal(1);
    expect(counts).to.deep.equal([50, 5, 1]);
    expect((await keeper.store.all())[0]!.seals).to.equal(56n);
  });

  it("pass on what the capability's own SQL throws, and do not try that again", async () => {
    let calls = 0;
    const fails = () => {
      calls++;
      return Promise.reject(new Error("the disk is full"));
    };
    for (const action of [
      () => keeper.secrets.write(placeOf(9n), new Uint8Array(3), fails),
      () => keeper.secrets.read(placeOf(9n), fails),
    ]) {
      const thrown: unknown = await action().catch((error: unknown) => error);
      expect(String(thrown)).to.match(/the disk is full/);
    }
    expect(calls).to.equal(2);
  });

  it("are DATABASE_UNAVAILABLE when the database is, and nothing else", async () => {
    await keeper.write(1n, "hunter2");
    const { rows } = await world.pool.query<{ password: Buffer }>(
      `select password from ${account()}`,
    );
    const nowhere = openPool({ url: "postgresql://u:p@127.0.0.1:1/d" });
    const away = keeperOn(nowhere, world.schemas, keeper.wrappingKeys);
    const [secret, load] = [new Uint8Array(3), () => Promise.resolve(rows[0]!.password)];
    for (const action of [
      () => away.secrets.read(placeOf(1n), load),
      () => away.secrets.write(placeOf(1n), secret, () => Promise.resolve()),
      () => away.secrets.check(),
    ]) {
      await expectRejection(action(), "DATABASE_UNAVAILABLE", /ECONNREFUSED/);
    }
    await nowhere.end();
  });

  it("open where an older value of the same row is written back, until its data key is gone (decision 12)", async () => {
    await keeper.write(1n, "old");
    const { rows } = await world.pool.query<{ password: Buffer }>(
      `select password from ${account()} where id = 1`,
    );
    const hex = `'\\x${rows[0]!.password.toString("hex")}'`;
    await keeper.write(1n, "new");
    await setPassword(1n, hex);
    expect(await keeper.read(1n)).to.equal("old");
    await keeper.write(1n, "new");
    await rotate(keeper, "refuse");
    const error = await setPassword(1n, hex).catch((thrown: unknown) => thrown);
    expect(error).to.have.property("code", "23503");
    expect(await keeper.read(1n)).to.equal("new");
  });
});
