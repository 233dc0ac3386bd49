import { expect } from "chai";
import { hasCreate2Deployer } from "../../src/chain/create2Support.js";
import { CREATE2_DEPLOYER } from "../../src/chain/deterministicDeployment.js";
import { Deadline } from "../../src/fetch/deadline.js";
import { ethers } from "../contracts/deployment.js";
import { provider } from "../lookup/localEns.js";
import { installCreate2Deployer } from "./create2Deployer.js";

describe("chain/create2Support", () => {
  let snapshot: unknown;
  beforeEach(async () => {
    snapshot = await ethers.provider.send("evm_snapshot", []);
  });
  afterEach(async () => {
    await ethers.provider.send("evm_revert", [snapshot]);
  });

  const isThere = () => hasCreate2Deployer({ provider, deadline: new Deadline(5_000) });
  const setCode = (code: string) =>
    ethers.provider.send("hardhat_setCode", [CREATE2_DEPLOYER, code]);

  it("finds the canonical deployer", async () => {
    await installCreate2Deployer();
    expect(await isThere()).to.equal(true);
  });

  it("finds that nothing stands there", async () => {
    await setCode("0x");
    expect(await isThere()).to.equal(false);
  });

  it("is not deceived by another contract in its place, whether it stops or reverts", async () => {
    for (const code of ["0x00", "0x60006000fd"]) {
      await setCode(code);
      expect(await isThere(), code).to.equal(false);
    }
  });
});
