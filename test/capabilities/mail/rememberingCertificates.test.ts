import { expect } from "chai";
import {
  type RememberingCertificates,
  rememberingCertificates,
} from "../../../src/capabilities/mail/rememberingCertificates.js";
import { mailCertificateStore } from "../../../src/db/messaging/mailCertificateStore.js";
import type { NormalName } from "../../../src/ens/normalize.js";
import { parseNativeAddress } from "../../../src/messaging/address/nativeAddress.js";
import { type BridgeGround, openBridgeGround } from "../../messaging/bridge/bridgeGround.js";

const ALICE = parseNativeAddress("alice@mail.test", "mail");
const CAROL = "carol.eth" as NormalName;
const [OLD, NEW] = [new Uint8Array([1]), new Uint8Array([2])];

describe("capability: mail: certificates that were kept a moment ago", () => {
  let ground: BridgeGround;
  let certificates: RememberingCertificates;
  let nowMs = 0;
  beforeEach(async () => {
    ground = await openBridgeGround("dm3.test");
    nowMs = 10_000_000;
    const store = mailCertificateStore(ground.pool, ground.ownTables);
    certificates = rememberingCertificates(store, () => nowMs);
  });
  afterEach(() => ground.close());

  const rows = async () =>
    (
      await ground.pool.query<{ certificate: Buffer; said: string }>(
        `select certificate, extract(epoch from said_at) * 1000 as said from ${ground.ownTables.mailCertificate}`,
      )
    ).rows.map(({ certificate, said }) => [certificate[0], Number(said)]);

  it("are written once in an hour, and others at once", async () => {
    await certificates.learn(ALICE, null, OLD, 1_000);
    await certificates.learn(ALICE, null, OLD, 2_000);
    expect(await rows()).to.deep.equal([[1, 1_000]]);
    nowMs += 3_600_000;
    await certificates.learn(ALICE, null, OLD, 3_000);
    expect(await rows()).to.deep.equal([[1, 3_000]]);
    await certificates.learn(ALICE, null, NEW, 4_000);
    await certificates.learn(ALICE, CAROL, NEW, 4_000);
    expect((await rows()).sort()).to.deep.equal([
      [2, 4_000],
      [2, 4_000],
    ]);
  });

  it("are not replaced by what was said before they were said last", async () => {
    await certificates.learn(ALICE, null, NEW, 1_000);
    await certificates.learn(ALICE, null, NEW, 3_000);
    await certificates.learn(ALICE, null, OLD, 2_000);
    expect((await certificates.known(ALICE, CAROL)).own).to.deep.equal(NEW);
  });

  it("are kept anew after they were forgotten with their owner", async () => {
    await certificates.learn(ALICE, null, OLD, 1_000);
    await ground.passages.forgetAllOf(ALICE);
    certificates.forget(ALICE);
    await certificates.learn(ALICE, null, OLD, 1_000);
    expect(await rows()).to.deep.equal([[1, 1_000]]);
  });
});
