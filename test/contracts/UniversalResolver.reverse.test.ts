/** Primary names (ENSIP-19) through the UniversalResolver, on-chain and by gateways on either way. */
import publicResolverArtifact from "@ensdomains/resolver/build/contracts/PublicResolver.json" with { type: "json" };
import { expect } from "chai";
import type { Hex } from "viem";
import {
  type Contract,
  deployResolver,
  ethers,
  gatewaySignerAddress,
  latestTimestamp,
  read,
} from "./deployment.js";
import { clientOf, deployEns, type EnsChain } from "./ensChain.js";
import { NAME, respond } from "./signedAnswer.js";

const coder = ethers.AbiCoder.defaultAbiCoder();
const DOMAIN = NAME.split(".").slice(1).join(".");
const ACCOUNT = gatewaySignerAddress;
const LOWER = ACCOUNT.toLowerCase().slice(2);
const OPTIMISM = 0x8000000an;
const NOBODY = ethers.ZeroAddress;

describe("UniversalResolver, reverse", () => {
  let ens: EnsChain;
  let records: Contract;
  let recordsAddress: string;

  beforeEach(async () => {
    ens = await deployEns();
    const { abi, bytecode } = publicResolverArtifact;
    const factory = await ethers.getContractFactory(abi, bytecode);
    records = await factory.deploy(await read(ens.universal, "registry"));
    recordsAddress = await records.getAddress();
  });

  const write = (method: string, ...values: unknown[]) =>
    records.getFunction(method).send(...values);
  async function setPrimary(reverseName: string, name: string) {
    await ens.setResolver(reverseName, recordsAddress);
    await write("setName", ethers.namehash(reverseName), name);
  }
  const reverse = (coinType = 60n, account: string = ACCOUNT) =>
    read(ens.universal, "reverse", account, coinType);

  it("reads the name of an address and its address, of Ethereum and of other chains", async () => {
    await ens.setResolver(NAME, recordsAddress);
    await write("setAddr(bytes32,address)", ethers.namehash(NAME), ACCOUNT);
    await write("setAddr(bytes32,uint256,bytes)", ethers.namehash(NAME), OPTIMISM, ACCOUNT);
    await write("setAddr(bytes32,uint256,bytes)", ethers.namehash(NAME), 1n << 31n, ACCOUNT);
    for (const [coinType, below] of [
      [60n, "addr"],
      [OPTIMISM, "8000000a"],
      [1n << 31n, "default"],
    ] as const) {
      await setPrimary(`${LOWER}.${below}.reverse`, NAME);
      expect(await reverse(coinType)).to.deep.equal([NAME, recordsAddress, recordsAddress]);
    }
  });

  it("says that there is none, and refuses one whose address is another", async () => {
    await setPrimary(`${LOWER}.addr.reverse`, "");
    expect(await reverse()).to.deep.equal(["", NOBODY, recordsAddress]);
    await setPrimary(`${LOWER}.addr.reverse`, NAME);
    await ens.setResolver(NAME, recordsAddress);
    await write("setAddr(bytes32,address)", ethers.namehash(NAME), recordsAddress);
    await expect(reverse())
      .to.be.revertedWithCustomError(ens.universal, "ReverseAddressMismatch")
      .withArgs(NAME, recordsAddress.toLowerCase());
  });

  it("refuses no address, an address without a name of its own, and a name that is none", async () => {
    const refusals = ens.universal;
    await expect(reverse(60n, "0x")).to.be.revertedWithCustomError(refusals, "EmptyAddress");
    await expect(reverse()).to.be.revertedWithCustomError(refusals, "ResolverNotFound");
    await setPrimary(`${LOWER}.addr.reverse`, "alice..eth");
    await expect(reverse())
      .to.be.revertedWithCustomError(refusals, "DNSEncodingFailed")
      .withArgs("alice..eth");
    await setPrimary(`${LOWER}.addr.reverse`, NAME);
    await expect(reverse()).to.be.revertedWithCustomError(refusals, "ResolverNotFound");
  });

  it("lets viem read it, through our gateway on the way back and on the way there", async () => {
    const resolver = await deployResolver();
    const ours = await resolver.getAddress();
    let address = ACCOUNT;
    const viem = await clientOf(ens.universal, async ({ data: request }) => {
      const isName = request.includes("691f3431");
      const result = isName
        ? coder.encode(["string"], [NAME])
        : coder.encode(["address"], [address]);
      const expires = (await latestTimestamp()) + 60n;
      return respond({ target: ours, expires, request, result });
    });
    const nameOf = () => viem.getEnsName({ address: ACCOUNT as Hex, strict: true });
    await ens.setResolver(DOMAIN, ours);
    await setPrimary(`${LOWER}.addr.reverse`, NAME);
    expect(await nameOf()).to.equal(NAME);
    await ens.setResolver(`${LOWER}.addr.reverse`, ours);
    expect(await nameOf()).to.equal(NAME);
    address = ours;
    let failure = "";
    await nameOf().catch((error: unknown) => (failure = String(error)));
    expect(failure).to.include("0xef9c03ce"); // ReverseAddressMismatch
  });
});
