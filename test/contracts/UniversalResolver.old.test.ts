/** What ENS's UniversalResolver makes of contracts of before EIP-140, and of addresses that only look like contracts. */
import { expect } from "chai";
import { type Contract, deploy, ethers, gatewaySignerAddress, read, send } from "./deployment.js";
import { deployEns, type EnsChain } from "./ensChain.js";
import { NAME, textCall } from "./signedAnswer.js";

const coder = ethers.AbiCoder.defaultAbiCoder();
const RESOLVE = "0x9061b923";
const addrCall = ethers.concat(["0x3b3b57de", ethers.namehash(NAME)]);
const multicall = (...calls: string[]) =>
  ethers.concat(["0xac9650d8", coder.encode(["bytes[]"], [calls])]);

describe("UniversalResolver, with contracts of before EIP-140", () => {
  let ens: EnsChain;
  let old: Contract;

  beforeEach(async () => {
    ens = await deployEns();
  });

  async function attach(isExtended: boolean) {
    old = await deploy("OldResolver", isExtended);
    await ens.setResolver(NAME, await old.getAddress());
    await send(old, "setAddr", ethers.namehash(NAME), gatewaySignerAddress);
  }
  const resolve = (data: string) => read(ens.universal, "resolve", ethers.dnsEncode(NAME), data);

  it("gives them 50,000 gas: enough for an address, and what needs more counts as not there", async () => {
    await attach(false);
    const address = coder.encode(["address"], [gatewaySignerAddress]);
    expect(await resolve(addrCall)).to.deep.equal([address, await old.getAddress()]);
    await expect(resolve(textCall("greeting")))
      .to.be.revertedWithCustomError(ens.universal, "UnsupportedResolverProfile")
      .withArgs(textCall("greeting").slice(0, 10));
    const [results] = (await resolve(multicall(addrCall, textCall("greeting")))) as [string];
    expect(coder.decode(["bytes[]"], results)[0]).to.deep.equal([address, "0x"]);
  });

  it("names ENSIP-10's function where that is the one that is not there", async () => {
    await attach(true);
    await expect(resolve(addrCall))
      .to.be.revertedWithCustomError(ens.universal, "UnsupportedResolverProfile")
      .withArgs(RESOLVE);
    const [results] = (await resolve(multicall(addrCall))) as [string];
    expect(coder.decode(["bytes[]"], results)[0]).to.deep.equal(["0x"]);
  });

  it("takes a precompile that seems to say yes for an extended resolver, and fails without data", async () => {
    await ens.setResolver(NAME, `0x${"00".repeat(19)}04`);
    const [, , , , extended] = (await read(
      ens.universal,
      "requireResolver",
      ethers.dnsEncode(NAME),
    )) as [unknown, unknown, unknown, unknown, boolean];
    expect(extended).to.equal(true);
    await expect(resolve(addrCall)).to.be.revertedWithoutReason();
  });

  it("says by ERC-165 what ENS's own says", async () => {
    for (const [id, expected] of [
      ["0x01ffc9a7", true],
      ["0xcd191b34", true],
      ["0xffffffff", false],
    ] as const) {
      expect(await read(ens.universal, "supportsInterface", id)).to.equal(expected);
    }
  });
});
