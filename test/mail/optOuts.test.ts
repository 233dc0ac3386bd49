import { expect } from "chai";
import { rememberingOptOuts } from "../../src/mail/rememberingOptOuts.js";
import { parseNativeAddress } from "../../src/messaging/address/nativeAddress.js";

const ALICE = parseNativeAddress("alice@mail.test", "mail");
const BOB = parseNativeAddress("bob@mail.test", "mail");

describe("mail: who wants none, remembered", () => {
  it("is asked once in a minute, and at once after a wish by mail", async () => {
    const out = new Set([BOB]);
    let asked = 0;
    let nowMs = 1_000;
    const kept = {
      has: (address: typeof ALICE) => {
        asked++;
        return Promise.resolve(out.has(address));
      },
      add: (address: typeof ALICE) => Promise.resolve(void out.add(address)),
      remove: (address: typeof ALICE) => Promise.resolve(void out.delete(address)),
    };
    const optOuts = rememberingOptOuts(kept, () => nowMs);
    expect([await optOuts.has(ALICE), await optOuts.has(ALICE), asked]).to.deep.equal([
      ...[false, false, 1],
    ]);
    nowMs += 60_000;
    expect([await optOuts.has(ALICE), asked]).to.deep.equal([false, 2]);
    await optOuts.add(ALICE);
    expect(await optOuts.has(ALICE)).to.equal(true);
    await optOuts.remove(ALICE);
    expect(await optOuts.has(ALICE)).to.equal(false);
    asked = 0;
    expect([await optOuts.has(BOB), await optOuts.has(BOB), asked]).to.deep.equal([true, true, 2]);
  });
});
