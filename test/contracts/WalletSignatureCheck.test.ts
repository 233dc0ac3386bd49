/** The check that the service sends along in an `eth_call`: what it returns instead of code. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { type Contract, deploy, ethers } from "./deployment.js";
import { deployWallet, futureWallet, type KeyPair } from "./walletChain.js";

const DIGEST = ethers.id("what was signed");
const NOBODY = ethers.ZeroAddress;
const VERDICTS = ["absent", "refused", "accepted"] as const;

describe("WalletSignatureCheck", () => {
  let key: KeyPair;
  let wallet: Contract;
  let factory: Contract;

  before(async () => {
    key = Wallet.createRandom();
    wallet = await deployWallet(key);
    factory = await deploy("WalletFactory");
  });

  const sign = (signer: KeyPair, digest = DIGEST) => signer.signingKey.sign(digest).serialized;

  async function verdict(
    account: string,
    signature: string,
    deployment: { factory?: string; call?: string } = {},
  ) {
    const { bytecode } = await ethers.getContractFactory("WalletSignatureCheck");
    const values = ethers.AbiCoder.defaultAbiCoder().encode(
      ["address", "bytes32", "bytes", "address", "bytes"],
      [account, DIGEST, signature, deployment.factory ?? NOBODY, deployment.call ?? "0x"],
    );
    const returned = await ethers.provider.call({ data: ethers.concat([bytecode, values]) });
    const decoded = ethers.AbiCoder.defaultAbiCoder().decode(["uint256", "uint256"], returned);
    expect(decoded[0]).to.equal(31337n);
    return VERDICTS[Number(decoded[1])];
  }

  it("tells what a deployed wallet says, whoever the factory would be", async () => {
    const address = await wallet.getAddress();
    expect(await verdict(address, sign(key))).to.equal("accepted");
    expect(await verdict(address, sign(Wallet.createRandom()))).to.equal("refused");
    expect(await verdict(address, sign(key, ethers.id("another")))).to.equal("refused");
    expect(await verdict(address, "0x")).to.equal("refused");
  });

  it("finds nothing where no contract is: at a key's address, at none, at a precompile", async () => {
    for (const account of [key.address, NOBODY, `0x${"00".repeat(19)}04`]) {
      expect(await verdict(account, sign(key))).to.equal("absent");
    }
  });

  it("has a wallet deployed by its factory, asks it, and leaves nothing behind", async () => {
    const future = await futureWallet(factory);
    const deployment = { factory: await factory.getAddress(), call: future.factoryCall };
    expect(await verdict(future.address, sign(future.key), deployment)).to.equal("accepted");
    expect(await verdict(future.address, sign(key), deployment)).to.equal("refused");
    expect(await ethers.provider.getCode(future.address)).to.equal("0x");
    await future.deploy();
    expect(await verdict(future.address, sign(future.key), deployment)).to.equal("accepted");
  });

  it("finds nothing where the factory deploys another code, reverts, burns its gas or is none", async () => {
    const future = await futureWallet(factory);
    const other = await futureWallet(factory);
    const address = await factory.getAddress();
    const deployments = [
      { factory: address, call: other.factoryCall },
      { factory: address, call: "0x12345678" },
      { factory: address, call: factory.interface.encodeFunctionData("burn") },
      { factory: key.address, call: future.factoryCall },
      {},
    ];
    for (const deployment of deployments) {
      expect(await verdict(future.address, sign(future.key), deployment)).to.equal("absent");
    }
  });

  it("makes no call to a deployed wallet but the question: a signature cannot prepare its own acceptance", async () => {
    const mallory = Wallet.createRandom();
    const address = await wallet.getAddress();
    const call = wallet.interface.encodeFunctionData("setKey", [mallory.address]);
    expect(await verdict(address, sign(mallory), { factory: address, call })).to.equal("refused");
  });

  const faults = [
    "ReturnsNothing",
    "ShortAnswer",
    "OtherMagic",
    "DirtyMagic",
    "TrueAsMagic",
    "Reverts",
    "RevertsWithMagic",
    "BurnsGas",
    "HugeAnswer",
    "HugeRevert",
  ];
  for (const [fault, name] of faults.entries()) {
    it(`takes it for a refusal when the wallet ${name}`, async () => {
      const faulty = await deploy("FaultyWallet", fault);
      expect(await verdict(await faulty.getAddress(), sign(key))).to.equal("refused");
    });
  }
});
