/** For which resolvers an owner may sign: those that answer for the domain that holds the name now. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { checksumAddress } from "../../../src/ens/address.js";
import { addDomain } from "../../../src/registry/access/addDomain.js";
import { handOverAsAdmin } from "../../../src/registry/changes/handOverName.js";
import { apiKeyFrom } from "../../../src/registry/domains/apiKey.js";
import { NO_CHAINS } from "../../../src/registry/signed/contractWallets.js";
import { carryOut } from "../../../src/registry/signed/signedOperation.js";
import type { RequestDomain } from "../../../src/signing/typedData.js";
import {
  parseSignedOperation,
  signedOperationSchema,
} from "../../../src/wire/signedOperationSchema.js";
import { bytes } from "../../db/sampleNames.js";
import { expectRejection } from "../../expectError.js";
import { DOMAIN, openRegistry, profilesOf, type TestRegistry } from "../openRegistry.js";
import { call, signOperation } from "./signedOperations.js";
import { nowSec, REGISTRY_RESOLVER } from "./signedRequests.js";

describe("registry/signedOperation", () => {
  const wallet = Wallet.createRandom();
  let registry: TestRegistry;
  let expirationSec: number;

  before(async () => {
    registry = await openRegistry();
    expirationSec = nowSec() + 900;
  });
  after(() => registry.close());

  async function write(name: string, value: string, signedFor: RequestDomain) {
    const data = call("setText", name, "url", value);
    // each expires later than the one before
    const body = await signOperation(wallet, { data, signedFor, expirationSec: expirationSec++ });
    const operation = parseSignedOperation(signedOperationSchema.parse(body), signedFor);
    return carryOut(registry.stores, operation, NO_CHAINS, Date.now);
  }
  async function publish(name: string) {
    const [profile] = await profilesOf(wallet, 1);
    await registry.publish(name, wallet.address, profile);
  }

  it("takes what was signed for any of the domain's resolvers, and says which there are", async () => {
    const name = `several.${DOMAIN}`;
    await publish(name);
    const second = { chainId: 10n, resolver: bytes(20, 0x22) };
    await registry.stores.domains.connectResolver({ ...second, domain: DOMAIN });
    for (const signedFor of [REGISTRY_RESOLVER, second]) {
      const { outcome } = await write(name, signedFor.chainId.toString(), signedFor);
      expect(outcome.after?.texts.get("url")).to.equal(signedFor.chainId.toString());
    }
    const swapped = [
      { ...second, chainId: 1n },
      { ...REGISTRY_RESOLVER, chainId: 10n },
    ];
    for (const signedFor of swapped) {
      const refused = write(name, "x", signedFor);
      const { details } = await expectRejection(refused, "UNKNOWN_RESOLVER", /does not answer for/);
      expect(details).to.deep.include({
        chainId: signedFor.chainId.toString(),
        resolver: checksumAddress(signedFor.resolver),
      });
      expect(details["resolvers"]).to.have.deep.members(
        [REGISTRY_RESOLVER, second].map(({ chainId, resolver }) => ({
          chainId: chainId.toString(),
          resolver: checksumAddress(resolver),
        })),
      );
    }
  });

  it("asks for a resolver of the domain that was added since, which holds the name from then on", async () => {
    const inner = `inner.${DOMAIN}`;
    const name = `alice.${inner}`;
    await publish(name);
    expect((await registry.stored(name))?.domain).to.equal(DOMAIN);
    const handOver = handOverAsAdmin(Date.now);
    const signedFor = { chainId: 1n, resolver: bytes(20, 0x33) };
    await addDomain(
      registry.stores.domains,
      { ...signedFor, domain: inner },
      apiKeyFrom(bytes(32, 0x33)),
      handOver,
    );
    const refused = write(name, "a", REGISTRY_RESOLVER);
    await expectRejection(refused, "UNKNOWN_RESOLVER", /does not answer for inner/);
    const { outcome } = await write(name, "b", signedFor);
    expect(outcome.after).to.deep.include({ domain: inner, held: true });
  });
});
