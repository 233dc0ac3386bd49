/** Secrets under a key of AWS KMS, which may be away: a stand-in that speaks KMS's protocol, and a real database. */
import { expect } from "chai";
import { rewrapAll } from "../../../src/sealing/rewrap.js";
import { rotate } from "../../../src/sealing/rotation.js";
import { sealingStatus } from "../../../src/sealing/sealingStatus.js";
import type { WrappingKeys } from "../../../src/sealing/wrappingKey.js";
import { awsKmsWrappingKey } from "../../../src/wrapping-keys/awsKmsWrappingKey.js";
import { fileWrappingKey } from "../../../src/wrapping-keys/fileWrappingKey.js";
import { expectRejection } from "../../expectError.js";
import { kmsEnvironment, REGION } from "../../operator-keys/kmsProtocol.js";
import { type KmsServer, serveKms } from "../../wrapping-keys/kmsServer.js";
import { keeperOn, openSealingWorld, type SealingWorld } from "./sealingWorld.js";

const ARN = `arn:aws:kms:${REGION}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

describe("db/sealing: secrets under a key of AWS KMS", () => {
  let world: SealingWorld;
  let kms: KmsServer;
  let wrappingKeys: WrappingKeys;

  before(async () => {
    world = await openSealingWorld();
    kms = await serveKms([ARN]);
    Object.assign(process.env, kmsEnvironment(kms.url));
    wrappingKeys = [await awsKmsWrappingKey(ARN, "SECRETS_KEY_LOCATION")];
  });
  beforeEach(async () => {
    kms.restore();
    await world.pool.query(`truncate ${world.schemas.sealing}.data_key cascade`);
  });
  after(async () => {
    for (const key of wrappingKeys) key.close();
    for (const name of Object.keys(kmsEnvironment(""))) Reflect.deleteProperty(process.env, name);
    await kms.close();
    await world.close();
  });

  const newKeeper = () => keeperOn(world.pool, world.schemas, wrappingKeys);

  it("are written and read, and KMS is asked once for each data key and process", async () => {
    const keeper = newKeeper();
    await keeper.write(1n, "hunter2");
    await keeper.write(2n, "other");
    const before = kms.asked.length;
    const reader = newKeeper();
    const both = await Promise.all([reader.read(1n), reader.read(2n)]);
    expect(both).to.deep.equal(["hunter2", "other"]);
    expect(await reader.read(1n)).to.equal("hunter2");
    expect(kms.asked.slice(before)).to.deep.equal(["Decrypt"]);
  });

  it("are not known while KMS hangs, within seconds, and are known again afterwards", async () => {
    await newKeeper().write(1n, "hunter2");
    const open = newKeeper();
    await open.read(1n);
    kms.replace("Decrypt", () => "silence");
    const fresh = newKeeper();
    const startMs = performance.now();
    await Promise.all([
      expectRejection(fresh.read(1n), "UNREACHABLE", /gave no answer/),
      expectRejection(fresh.write(2n, "x"), "UNREACHABLE", /gave no answer/),
      expectRejection(fresh.secrets.check(), "UNREACHABLE", /gave no answer/),
    ]);
    expect(performance.now() - startMs).to.be.below(5_000);
    // whoever has the data key needs no KMS
    expect(await open.read(1n)).to.equal("hunter2");
    await open.write(3n, "meanwhile");
    kms.restore();
    expect(await fresh.read(1n)).to.equal("hunter2");
    expect(await fresh.read(3n)).to.equal("meanwhile");
  });

  it("move from a file to KMS and back, and are rotated there", async () => {
    const file = await fileWrappingKey(await world.newKeyFile());
    const keeperWith = (keys: WrappingKeys) => keeperOn(world.pool, world.schemas, keys);
    await keeperWith([file]).write(1n, "hunter2");
    expect(await rewrapAll(keeperWith([...wrappingKeys, file]), "refuse")).to.include({
      rewrapped: 1,
    });
    expect(await newKeeper().read(1n)).to.equal("hunter2");
    expect(await rotate(newKeeper(), "refuse")).to.deep.include({
      moved: 1,
      rewrapped: 0,
      left: [],
    });
    await expectRejection(keeperWith([file]).read(1n), "SECRETS_KEY_MISSING", /aws-kms:arn:/);
    expect(await rewrapAll(keeperWith([file, ...wrappingKeys]), "refuse")).to.include({
      rewrapped: 1,
    });
    expect(await keeperWith([file]).read(1n)).to.equal("hunter2");
  });

  it("are told of by the status, which knows what it could not find out", async () => {
    const keeper = newKeeper();
    await keeper.write(1n, "hunter2");
    const none = await awsKmsWrappingKey(`${ARN}0`, "SECRETS_KEY_LOCATION");
    const away = await sealingStatus(await keeper.store.all(), [none], keeper.columns);
    expect(away.wrappingKeys[0]).to.deep.include({
      id: null,
      description: `AWS KMS, key ${ARN}0`,
    });
    expect(away.wrappingKeys[0]!.trouble).to.match(/NotFoundException/);
    expect(away.dataKeys[0]).to.deep.include({ wrappingKey: `aws-kms:${ARN}`, isHere: null });
    const here = await sealingStatus(
      await keeper.store.all(),
      [none, ...wrappingKeys],
      keeper.columns,
    );
    expect(here.dataKeys[0]!.isHere).to.equal(true);
    none.close();
  });
});
