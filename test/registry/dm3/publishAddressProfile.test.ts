/** Which names follow the profile that a wallet publishes under its address, and what is refused before. */
import { expect } from "chai";
import { type HDNodeWallet, Wallet } from "ethers";
import { fromHex } from "../../../src/abi/hex.js";
import type { SignedUserProfile } from "../../../src/dm3/profile/profile.js";
import { encodeProfileRecord } from "../../../src/dm3/profile/profileRecord.js";
import { type Address, addressFrom } from "../../../src/ens/address.js";
import { addressName, type Dm3Domains } from "../../../src/registry/dm3/dm3Domains.js";
import { publishAddressProfile } from "../../../src/registry/dm3/publishAddressProfile.js";
import type { RegistryStores } from "../../../src/registry/store.js";
import { expectRejection } from "../../expectError.js";
import { writeAsService } from "../changes/serviceWrites.js";
import {
  DOMAIN,
  openRegistry,
  OTHER_DOMAIN,
  profilesOf,
  type TestRegistry,
} from "../openRegistry.js";

const DOMAINS: Dm3Domains = { addresses: OTHER_DOMAIN, names: DOMAIN };

describe("registry/publishAddressProfile", () => {
  let registry: TestRegistry;
  let signer: HDNodeWallet;
  let wallet: Address;
  let own: string;
  let first: SignedUserProfile;
  let second: SignedUserProfile;
  let third: SignedUserProfile;
  let count = 0;

  before(async () => {
    registry = await openRegistry();
    for (const domain of [DOMAIN, OTHER_DOMAIN]) {
      await registry.stores.domains.changeDomain(domain, { policy: { addressNames: true } });
    }
  });
  after(() => registry.close());
  beforeEach(async () => {
    signer = Wallet.createRandom();
    wallet = addressFrom(fromHex(signer.address));
    own = addressName(wallet, DOMAINS);
    [first, second, third] = (await profilesOf(signer, 3)) as [
      SignedUserProfile,
      SignedUserProfile,
      SignedUserProfile,
    ];
  });

  const publish = (
    signedUserProfile: SignedUserProfile,
    given: { domains?: Dm3Domains; subdomain?: string; stores?: RegistryStores } = {},
  ) => {
    const { domains = DOMAINS, stores = registry.stores } = given;
    const { subdomain = domains.addresses } = given;
    const publication = { wallet, signedUserProfile, subdomain };
    return publishAddressProfile(stores, domains, publication, Date.now);
  };
  /** A name that the service gives the wallet, with a profile. */
  async function given(profile: SignedUserProfile): Promise<string> {
    const name = `given-${count++}.${DOMAIN}`;
    await registry.publish(name, signer.address, profile);
    return name;
  }
  const expectShown = async (name: string, profile: SignedUserProfile) => {
    const stored = await registry.stored(name);
    expect(stored?.texts.get("network.dm3.profile")).to.equal(encodeProfileRecord(profile));
  };

  it("changes the names that show the same profile, suspended ones as well, and no others", async () => {
    await publish(first);
    const [follower, suspended, other] = [
      await given(first),
      await given(first),
      await given(third),
    ];
    const suspend = { kind: "suspend", reason: "spam" } as const;
    await writeAsService(registry.stores, DOMAIN, suspended, [suspend]);
    await publish(second);
    for (const name of [own, follower, suspended]) await expectShown(name, second);
    await expectShown(other, third);
    expect((await registry.stored(suspended))?.suspension).to.include({ reason: "spam" });
  });

  it("changes what was given the former profile meanwhile", async () => {
    await publish(first);
    let late: string | null = null;
    const { names } = registry.stores;
    const stores: RegistryStores = {
      ...registry.stores,
      names: {
        ...names,
        changeNames: async (targets, decide) => {
          late ??= await given(first);
          return names.changeNames(targets, decide);
        },
      },
    };
    await publish(second, { stores });
    await expectShown(late!, second);
    await expectShown(own, second);
  });

  it("works where one domain holds both kinds of names, and where wallets choose none", async () => {
    const one = { addresses: DOMAIN, names: DOMAIN };
    await publish(first, { domains: one });
    const follower = await given(first);
    await publish(second, { domains: one });
    for (const name of [addressName(wallet, one), follower]) await expectShown(name, second);
    const none = { addresses: DOMAIN, names: null };
    await publish(third, { domains: none });
    await expectShown(addressName(wallet, none), third);
    await expectShown(follower, second);
  });

  it("refuses another domain than that of address names", async () => {
    const refused = publish(first, { subdomain: DOMAIN });
    const { details } = await expectRejection(refused, "UNKNOWN_DOMAIN", /not under users/);
    expect(details).to.deep.equal({ subdomain: DOMAIN });
    expect(await registry.stored(own)).to.equal(null);
  });

  it("refuses a profile that was replaced under any name of the wallet", async () => {
    const name = await given(first);
    await registry.publish(name, signer.address, second);
    await expectRejection(publish(first), "SUPERSEDED_PROFILE", /replaced or deleted before/);
    expect(await registry.stored(own)).to.equal(null);
    await publish(second);
    await expectShown(own, second);
  });
});
