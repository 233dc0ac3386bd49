import { expect } from "chai";
import { BrowserProvider, isAddress, type JsonRpcSigner, ZeroAddress } from "ethers";
import hre from "hardhat";
import { gatewayUrls } from "../../src/chain/deployResolver.js";
import {
  CREATE2_DEPLOYER,
  deployDeterministically,
  deploymentSalt,
  type DeterministicDeployment,
  planDeployment,
} from "../../src/chain/deterministicDeployment.js";
import { ethers, gatewaySignerAddress, read, send } from "../contracts/deployment.js";
import { expectRejection } from "../expectError.js";

const CHAIN_ID = 31337n;
/** How the deployer comes to any chain: signed once, with a signature that nobody has the key of. */
const PRESIGNED_DEPLOYER =
  "0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7ffffffffffffffffffffffffffffff" +
  "fffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050" +
  "506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222" +
  "222222222222222222222222222222222222222222222222222";

/** Puts the deployer on the in-process chain, as anyone can on a real one; once is enough. */
async function installDeployer(): Promise<void> {
  if ((await ethers.provider.getCode(CREATE2_DEPLOYER)) !== "0x") return;
  const { from, gasLimit, gasPrice } = ethers.Transaction.from(PRESIGNED_DEPLOYER);
  const [funder] = await ethers.getSigners();
  await funder!.sendTransaction({ to: from, value: gasLimit * gasPrice! });
  await (await ethers.provider.broadcastTransaction(PRESIGNED_DEPLOYER)).wait();
}

describe("Deterministic deployment", () => {
  let admin: JsonRpcSigner;
  let stranger: JsonRpcSigner;
  let deployment: DeterministicDeployment;
  let snapshot: unknown;

  before(async () => {
    const provider = new BrowserProvider(hre.network.provider, undefined, { cacheTimeout: -1 });
    admin = await provider.getSigner(0);
    stranger = await provider.getSigner(1);
    deployment = {
      label: "users.example.eth",
      owner: admin.address,
      gatewaySigners: [gatewaySignerAddress],
      gatewayOrigins: ["https://a.example", "https://b.example/"],
      maxValiditySec: 300,
    };
  });
  beforeEach(async () => {
    snapshot = await ethers.provider.send("evm_snapshot", []);
  });
  afterEach(async () => {
    await ethers.provider.send("evm_revert", [snapshot]);
  });

  it("puts the resolver where the plan said, with everything in its constructor", async () => {
    await installDeployer();
    const plan = await planDeployment(deployment, CHAIN_ID);
    const outcome = await deployDeterministically(admin, deployment);
    expect(outcome).to.deep.equal({ address: plan.address, status: "deployed" });
    const resolver = await ethers.getContractAt("OffchainResolver", plan.address);
    expect(await read(resolver, "owner")).to.equal(admin.address);
    expect(await read(resolver, "signers")).to.deep.equal([gatewaySignerAddress]);
    expect(await read(resolver, "maxValiditySec")).to.equal(300n);
    const [a, b] = deployment.gatewayOrigins.map((o) => gatewayUrls(o, CHAIN_ID, plan.address));
    expect(await read(resolver, "urls")).to.deep.equal([a![0], b![0], a![1], b![1]]);
  });

  it("gives a stranger's transaction no power: the same contract at the same address", async () => {
    await installDeployer();
    const { address } = await planDeployment(deployment, CHAIN_ID);
    expect(await deployDeterministically(stranger, deployment)).to.deep.equal({
      address,
      status: "deployed",
    });
    const resolver = await ethers.getContractAt("OffchainResolver", address);
    expect(await read(resolver, "owner")).to.equal(admin.address);
  });

  it("says that it is there already, also after its owner has changed it", async () => {
    await installDeployer();
    const { address } = await deployDeterministically(admin, deployment);
    await send(await ethers.getContractAt("OffchainResolver", address), "setMaxValidity", 600n);
    for (const sender of [admin, stranger]) {
      expect(await deployDeterministically(sender, deployment)).to.deep.equal({
        address,
        status: "existing",
      });
    }
  });

  it("says so to the slower of two who deploy at once", async () => {
    await installDeployer();
    const outcomes = await Promise.all(
      [admin, stranger].map((sender) => deployDeterministically(sender, deployment)),
    );
    expect(outcomes.map(({ status }) => status)).to.have.members(["deployed", "existing"]);
    expect(outcomes[0]!.address).to.equal(outcomes[1]!.address);
  });

  it("gives each chain, owner, label and setting an address of its own", async () => {
    const plans = await Promise.all([
      planDeployment(deployment, CHAIN_ID),
      planDeployment(deployment, CHAIN_ID + 1n),
      planDeployment({ ...deployment, owner: stranger.address }, CHAIN_ID),
      planDeployment({ ...deployment, label: "other.example.eth" }, CHAIN_ID),
      planDeployment({ ...deployment, gatewaySigners: [stranger.address] }, CHAIN_ID),
      planDeployment({ ...deployment, gatewayOrigins: ["https://c.example"] }, CHAIN_ID),
      planDeployment({ ...deployment, maxValiditySec: 301 }, CHAIN_ID),
    ]);
    const addresses = plans.map(({ address }) => address);
    expect(addresses.filter((address) => isAddress(address))).to.have.length(plans.length);
    expect(new Set(addresses)).to.have.length(plans.length);
    const again = await planDeployment({ ...deployment }, CHAIN_ID);
    expect(again.address).to.equal(addresses[0]);
  });

  it("has a salt of chain, owner and label", () => {
    const salt = deploymentSalt(CHAIN_ID, deployment.owner, deployment.label);
    const expected = ethers.solidityPackedKeccak256(
      ["uint256", "bytes32", "bytes32"],
      [
        CHAIN_ID,
        ethers.zeroPadValue(deployment.owner, 32),
        ethers.keccak256(ethers.toUtf8Bytes(deployment.label)),
      ],
    );
    expect(salt).to.equal(expected);
  });

  it("fails with a sentence where the chain has no deployer", async () => {
    await ethers.provider.send("hardhat_setCode", [CREATE2_DEPLOYER, "0x"]);
    await expectRejection(
      deployDeterministically(admin, deployment),
      "INVALID_CONFIGURATION",
      /31337 has nothing at 0x4e59/,
    );
  });

  it("fails with a sentence where another contract stands in its place", async () => {
    await ethers.provider.send("hardhat_setCode", [CREATE2_DEPLOYER, "0x00"]);
    await expectRejection(
      deployDeterministically(admin, deployment),
      "INVALID_CONFIGURATION",
      /31337 has another contract at 0x4e59/,
    );
  });

  it("fails with a sentence when the constructor refuses the settings", async () => {
    await installDeployer();
    const wrong = { ...deployment, owner: ZeroAddress };
    const { address } = await planDeployment(wrong, CHAIN_ID);
    await expectRejection(
      deployDeterministically(admin, wrong),
      "INVALID_CONFIGURATION",
      /could not be deployed.*check its owner, signers, URLs and validity/,
    );
    expect(await ethers.provider.getCode(address)).to.equal("0x");
  });
});
