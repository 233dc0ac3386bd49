/** Gateways of others in front of our resolver, and ours in front of a resolver of others, over real HTTP. */
import { EZCCIP } from "@resolverworks/ezccip";
import { serve } from "@resolverworks/ezccip/serve";
import { expect } from "chai";
import { fromHex } from "../../src/abi/hex.js";
import { addressFrom } from "../../src/ens/address.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { bytes } from "../db/sampleNames.js";
import { openTestService, SIGNER, type TestService } from "../http/openTestService.js";
import { setRecords } from "../registry/changes/serviceWrites.js";
import {
  deploy,
  deployResolver,
  ethers,
  gatewaySigner,
  gatewaySignerAddress,
} from "./deployment.js";
import { clientOf, deployEns, type EnsChain } from "./ensChain.js";
import { NAME } from "./signedAnswer.js";

const DOMAIN = "example.eth";
const GREETING = "hello from another gateway";
const wallet = ethers.computeAddress(`0x${"22".repeat(32)}`);

/**
 * Each block is at least a second after the one before, however fast they come: after a few hundred, a gateway
 * with a clock of its own signs answers that the chain takes for expired. A new chain starts with our time.
 */
async function resetClock(): Promise<void> {
  await ethers.provider.send("hardhat_reset", []);
}

describe("@resolverworks/ezccip in front of OffchainResolver", () => {
  let ens: EnsChain;
  let gateway: Awaited<ReturnType<typeof serve>>;

  before(async () => {
    await resetClock();
    const ezccip = new EZCCIP();
    ezccip.enableENSIP10((name) =>
      name === NAME
        ? {
            text: (key) => (key === "greeting" ? GREETING : undefined),
            addr: (coinType) => (coinType === 60n ? wallet : undefined),
          }
        : undefined,
    );
    gateway = await serve(ezccip, {
      protocol: "ens",
      signingKey: gatewaySigner.privateKey,
      ttlSec: 60,
      log: false,
    });
  });
  after(() => gateway.shutdown());

  async function clientWith(signer: string) {
    ens = await deployEns();
    const resolver = await deployResolver({
      signers: [signer],
      // it learns from the URL for which resolver it signs, as ours does
      urls: [`${gateway.endpoint}/{resolver}`],
    });
    await ens.setResolver(DOMAIN, await resolver.getAddress());
    return { viem: await clientOf(ens.universal), resolver };
  }

  it("is believed when its key is enabled: text, address, absent record and absent name", async () => {
    expect(gateway.signer).to.equal(gatewaySignerAddress);
    const { viem } = await clientWith(gatewaySignerAddress);
    const text = (name: string, key: string) => viem.getEnsText({ name, key, strict: true });
    expect(await text(NAME, "greeting")).to.equal(GREETING);
    expect(await viem.getEnsAddress({ name: NAME, strict: true })).to.equal(wallet);
    expect(await text(NAME, "absent")).to.equal(null);
    expect(await text(`nobody.${DOMAIN}`, "greeting")).to.equal(null);
  });

  it("is refused when its key is not, by name", async () => {
    const { viem, resolver } = await clientWith(wallet);
    const refused = await viem.getEnsText({ name: NAME, key: "greeting", strict: true }).then(
      () => "an answer",
      (error: unknown) => String(error),
    );
    const { selector } = resolver.interface.getError("UnknownSigner")!;
    const unknownSigner = ethers.concat([selector, ethers.zeroPadValue(gatewaySignerAddress, 32)]);
    expect(refused).to.include(unknownSigner.slice(2)); // inside ResolverError
  });
});

describe("Our gateway in front of a resolver with the common digest and no chain id", () => {
  const domain = "peers.example.eth";
  const name = `alice.${domain}`;
  let http: TestService;
  let ens: EnsChain;

  before(async () => {
    await resetClock();
    http = await openTestService();
    ens = await deployEns();
  });
  after(() => http.stop());

  it("is believed when its key is the resolver's signer", async () => {
    // such a resolver has its URL in the constructor, so its address is computed before
    const [deployer] = await ethers.getSigners();
    const address = ethers.getCreateAddress({
      from: deployer!.address,
      nonce: await deployer!.getNonce(),
    });
    const url = `${http.url}/ccip/31337/${address.toLowerCase()}`;
    const resolver = await deploy("FeaturelessOffchainResolver", SIGNER, [url]);
    expect(await resolver.getAddress()).to.equal(address);
    await ens.setResolver(domain, address);
    const served = { domain, chainId: 31337n, resolver: addressFrom(fromHex(address)) };
    await addDomain(http.service.domains, served, apiKeyFrom(bytes(32, 3)));
    await setRecords(
      { names: http.service.names, domains: http.service.domains },
      { domain, name, records: { texts: { greeting: GREETING } } },
    );

    const viem = await clientOf(ens.universal);
    const text = (key: string) => viem.getEnsText({ name, key, strict: true });
    expect(await text("greeting")).to.equal(GREETING);
    expect(await text("absent")).to.equal(null);
  });
});
