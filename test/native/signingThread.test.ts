import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { portableEcdsaSign } from "../../src/gateway/gatewaySigner.js";
import { type SigningThread, startSigningThread } from "../../src/native/signingThread.js";

/** As it was built: threads know nothing of TypeScript. */
const PROGRAM = new URL("../../dist/native/signingWorker.js", import.meta.url);
const KEY = new Uint8Array(32).fill(0x11);

describe("native/signingThread", function () {
  this.timeout(10_000);
  let thread: SigningThread;
  let signedHere: number;

  beforeEach(() => {
    signedHere = 0;
    const signHere: typeof portableEcdsaSign = (digest, key) => {
      signedHere++;
      return portableEcdsaSign(digest, key);
    };
    thread = startSigningThread(KEY, signHere, PROGRAM);
  });
  afterEach(() => thread.close());

  const digests = (count: number) =>
    Array.from({ length: count }, () => new Uint8Array(randomBytes(32)));
  const expected = (digest: Uint8Array) => {
    const { compact, recovery } = portableEcdsaSign(digest, KEY);
    return { compact: [...compact], recovery };
  };
  async function expectSigned(asked: readonly Uint8Array[]): Promise<void> {
    const signatures = await Promise.all(asked.map((digest) => thread.sign(digest)));
    signatures.forEach(({ compact, recovery }, index) => {
      expect({ compact: [...compact], recovery }).to.deep.equal(expected(asked[index] ?? KEY));
    });
  }

  it("gives each digest the signature that this thread would have made", async () => {
    for (const count of [1, 7, 8, 9, 100]) await expectSigned(digests(count));
    expect(signedHere).to.equal(0);
  });

  it("is closed when what was asked before is signed, and signs in this thread after that", async () => {
    const before = expectSigned(digests(20));
    await thread.close();
    await before;
    await expectSigned(digests(3));
    expect(signedHere).to.be.within(3, 23);
  });

  it("leaves nobody waiting when it cannot be started: this thread signs", async () => {
    const nowhere = new URL("nowhere.js", PROGRAM);
    const other = startSigningThread(KEY, portableEcdsaSign, nowhere);
    const [digest = KEY] = digests(1);
    const { compact } = await other.sign(digest);
    expect([...compact]).to.deep.equal(expected(digest).compact);
    await other.close();
  });
});
