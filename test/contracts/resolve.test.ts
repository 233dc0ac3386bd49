import { expect } from "chai";
import { type Contract, deploy, deployResolver, ethers, read, URLS } from "./deployment.js";
import { NAME, requestOf, textCall } from "./signedAnswer.js";

describe("OffchainResolver.resolve and its interface ids", () => {
  let resolver: Contract;
  before(async () => {
    resolver = await deployResolver();
  });

  it("reverts with a lookup that names the resolver, all URLs and the request with the chain id", async () => {
    const name = ethers.dnsEncode(NAME);
    const data = textCall("greeting");
    const request = requestOf(name, data);
    await expect(read(resolver, "resolve", name, data))
      .to.be.revertedWithCustomError(resolver, "OffchainLookup")
      .withArgs(
        await resolver.getAddress(),
        URLS,
        request,
        resolver.interface.getFunction("resolveWithProof")!.selector,
        request,
      );
  });

  it("does so for any bytes: names and calls are checked by the gateway", async () => {
    const request = requestOf("0x", "0x");
    const callback = resolver.interface.getFunction("resolveWithProof")!.selector;
    await expect(read(resolver, "resolve", "0x", "0x"))
      .to.be.revertedWithCustomError(resolver, "OffchainLookup")
      .withArgs(await resolver.getAddress(), URLS, request, callback, request);
  });

  const claimed: Record<string, string> = {
    "ERC-165": "0x01ffc9a7",
    "ENSIP-10 IExtendedResolver": "0x9061b923",
    "ERC-7996": "0x582de3e7",
    "ENSIP-16 metadata": "0x8a596ebe",
  };
  for (const [standard, interfaceId] of Object.entries(claimed)) {
    it(`claims ${standard}, ${interfaceId}`, async () => {
      expect(await read(resolver, "supportsInterface", interfaceId)).to.be.true;
    });
  }

  it("claims its own interface: the functions that IOffchainResolver declares", async () => {
    const own = await ethers.getContractAt("IOffchainResolver", await resolver.getAddress());
    let id = 0n;
    own.interface.forEachFunction(({ selector }) => (id ^= BigInt(selector)));
    expect(await read(resolver, "supportsInterface", ethers.toBeHex(id, 4))).to.be.true;
  });

  const notClaimed: Record<string, string> = {
    "the id that ERC-165 forbids": "0xffffffff",
    "addr(bytes32)": "0x3b3b57de",
    "addr(bytes32,uint256)": "0xf1cb7e06",
    "text(bytes32,string)": "0x59d1d43c",
    "contenthash(bytes32)": "0xbc1c58d1",
    "multicall(bytes[])": "0xac9650d8",
    "ERC-7884 getOperationHandler": "0xa0b7b54e",
  };
  for (const [what, interfaceId] of Object.entries(notClaimed)) {
    it(`does not claim ${what}`, async () => {
      expect(await read(resolver, "supportsInterface", interfaceId)).to.be.false;
    });
  }

  it("supports the features of multicalls and of batches, and no other", async () => {
    const features = {
      "eth.ens.resolver.extended.multicall": "0x96b62db8",
      "eth.signpost.resolver.batch": "0x41212723",
    };
    for (const [name, feature] of Object.entries(features)) {
      expect(ethers.id(name).slice(0, 10)).to.equal(feature);
      expect(await read(resolver, "supportsFeature", feature)).to.be.true;
    }
    expect(await read(resolver, "supportsFeature", "0x86fb8da8")).to.be.false;
    expect(await read(resolver, "supportsFeature", "0x00000000")).to.be.false;
  });

  it("answers the empty probe with less than 5,000 gas, and so is taken for a modern contract", async () => {
    const probe = await deploy("EmptyCallProbe");
    const gas = await read(probe, "gasOfEmptyCall", await resolver.getAddress());
    expect(Number(gas)).to.be.lessThan(5_000);
  });

  it("accepts no ether", async () => {
    const [sender] = await ethers.getSigners();
    const call = { to: await resolver.getAddress(), value: 1n };
    await expect(sender!.sendTransaction(call)).to.be.revertedWithoutReason();
  });
});
