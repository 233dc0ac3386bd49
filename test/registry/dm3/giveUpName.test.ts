/** A farewell that was used before, wherever in a long history it stands. */
import { sign } from "@dm3-org/dm3-lib-crypto";
import { createProfile } from "@dm3-org/dm3-lib-profile";
import { expect } from "chai";
import { Wallet } from "ethers";
import { fromHex } from "../../../src/abi/hex.js";
import { addressFrom } from "../../../src/ens/address.js";
import { namehash } from "../../../src/ens/namehash.js";
import { addressName } from "../../../src/registry/dm3/dm3Domains.js";
import { giveUpName } from "../../../src/registry/dm3/giveUpName.js";
import { earlierRecordsAction } from "../../../src/registry/names/verifiedActions.js";
import { expectRejection } from "../../expectError.js";
import { writeAsService } from "../changes/serviceWrites.js";
import { DOMAIN, openRegistry, OTHER_DOMAIN, type TestRegistry } from "../openRegistry.js";

const DOMAINS = { addresses: OTHER_DOMAIN, names: DOMAIN };

describe("registry/giveUpName", () => {
  const wallet = Wallet.createRandom();
  let registry: TestRegistry;
  let signingKey: string;

  before(async () => {
    registry = await openRegistry();
    const own = addressName(addressFrom(fromHex(wallet.address)), DOMAINS);
    await registry.publish(own, wallet.address, await profileWith("own.relay.eth"), OTHER_DOMAIN);
  });
  after(() => registry.close());

  /** By dm3's own library; always with the same keys. */
  async function profileWith(relayNode: string): Promise<unknown> {
    const { signedProfile, keys } = await createProfile(
      wallet.address,
      [relayNode],
      // never asked, because we sign
      undefined as unknown as Parameters<typeof createProfile>[2],
      { signer: (message: string) => wallet.signMessage(message) },
    );
    signingKey = keys.signingKeyPair.privateKey;
    return signedProfile;
  }
  /** Entries in the right of the service, all in one change. */
  const write = (name: string, count: number) =>
    writeAsService(
      registry.stores,
      DOMAIN,
      name,
      Array.from({ length: count }, (_, index) =>
        earlierRecordsAction({ texts: { index: String(index) } }),
      ),
    );
  const giveUp = async (dm3Name: string) => {
    const signature = await sign(signingKey, `remove: ${dm3Name}`);
    await giveUpName(registry.stores, DOMAINS, { dm3Name, signature }, Date.now);
  };

  // pages have 100 entries
  for (const number of [2, 100, 101, 200, 201]) {
    it(`is refused when entry ${number} of the history is a farewell`, async () => {
      const name = `long-${number}.${DOMAIN}`;
      await registry.publish(name, wallet.address, await profileWith("one.relay.eth"));
      if (number > 2) await write(name, number - 2);
      await giveUp(name);
      expect(await registry.stored(name)).to.equal(null);
      const [farewell] = await registry.stores.names.historyOf(namehash(name), number - 1, 1);
      expect(farewell?.entry).to.deep.include({ number, operation: "delete" });

      await registry.publish(name, wallet.address, await profileWith("two.relay.eth"));
      await expectRejection(giveUp(name), "SUPERSEDED_PROFILE", /was deleted .* before/);
      expect(await registry.stored(name)).not.to.equal(null);
    });
  }

  it("is taken where the service had deleted the name before", async () => {
    const name = `again.${DOMAIN}`;
    await registry.publish(name, wallet.address, await profileWith("one.relay.eth"));
    await writeAsService(registry.stores, DOMAIN, name, [{ kind: "delete" }]);
    await registry.publish(name, wallet.address, await profileWith("two.relay.eth"));
    await giveUp(name);
    expect(await registry.stored(name)).to.equal(null);
  });
});
