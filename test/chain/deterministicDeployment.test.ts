import { expect } from "chai";
import { BrowserProvider, isAddress, type JsonRpcSigner, ZeroAddress } from "ethers";
import hre from "hardhat";
import { gatewayUrls } from "../../src/chain/deployResolver.js";
import {
  CREATE2_DEPLOYER,
  type DeploymentPlan,
  deploymentSalt,
  type DeterministicDeployment,
  planDeployment,
} from "../../src/chain/deterministicDeployment.js";
import { ethers, gatewaySignerAddress, read, send } from "../contracts/deployment.js";
import { installCreate2Deployer } from "./create2Deployer.js";

const CHAIN_ID = 31337n;

/** Sends the planned transaction; false when the chain refuses it, before or while it is mined. */
async function sendPlan(sender: JsonRpcSigner, { callData }: DeploymentPlan): Promise<boolean> {
  try {
    await (await sender.sendTransaction({ to: CREATE2_DEPLOYER, data: callData })).wait();
    return true;
  } catch {
    return false;
  }
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
    await installCreate2Deployer();
  });
  afterEach(async () => {
    await ethers.provider.send("evm_revert", [snapshot]);
  });

  it("puts the resolver where the plan said, with everything in its constructor", async () => {
    const plan = await planDeployment(deployment, CHAIN_ID);
    expect(await sendPlan(admin, plan)).to.equal(true);
    const resolver = await ethers.getContractAt("OffchainResolver", plan.address);
    expect(await read(resolver, "owner")).to.equal(admin.address);
    expect(await read(resolver, "signers")).to.deep.equal([gatewaySignerAddress]);
    expect(await read(resolver, "maxValiditySec")).to.equal(300n);
    const [a, b] = deployment.gatewayOrigins.map((o) => gatewayUrls(o, CHAIN_ID, plan.address));
    expect(await read(resolver, "urls")).to.deep.equal([a![0], b![0], a![1], b![1]]);
  });

  it("gives a stranger's transaction no power: the same contract at the same address", async () => {
    const plan = await planDeployment(deployment, CHAIN_ID);
    expect(await sendPlan(stranger, plan)).to.equal(true);
    const resolver = await ethers.getContractAt("OffchainResolver", plan.address);
    expect(await read(resolver, "owner")).to.equal(admin.address);
  });

  it("leaves a resolver that is there alone, also after its owner has changed it", async () => {
    const plan = await planDeployment(deployment, CHAIN_ID);
    await sendPlan(admin, plan);
    const resolver = await ethers.getContractAt("OffchainResolver", plan.address);
    await send(resolver, "setMaxValidity", 600n);
    for (const sender of [admin, stranger]) expect(await sendPlan(sender, plan)).to.equal(false);
    expect(await read(resolver, "maxValiditySec")).to.equal(600n);
  });

  it("deploys once when two send it at once", async () => {
    const plan = await planDeployment(deployment, CHAIN_ID);
    const sent = await Promise.all([admin, stranger].map((sender) => sendPlan(sender, plan)));
    expect(sent).to.have.members([true, false]);
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

  it("leaves nothing behind when the constructor refuses the settings", async () => {
    const plan = await planDeployment({ ...deployment, owner: ZeroAddress }, CHAIN_ID);
    expect(await sendPlan(admin, plan)).to.equal(false);
    expect(await ethers.provider.getCode(plan.address)).to.equal("0x");
  });
});
