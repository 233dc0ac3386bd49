import { CREATE2_DEPLOYER } from "../../src/chain/deterministicDeployment.js";
import { ethers } from "../contracts/deployment.js";

/** How the deployer comes to any chain: signed once, with a signature that nobody has the key of. */
const PRESIGNED_DEPLOYER =
  "0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7ffffffffffffffffffffffffffffff" +
  "fffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050" +
  "506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222" +
  "222222222222222222222222222222222222222222222222222";

/** Puts the deployer on the in-process chain, as anyone can on a real one; once is enough. */
export async function installCreate2Deployer(): Promise<void> {
  if ((await ethers.provider.getCode(CREATE2_DEPLOYER)) !== "0x") return;
  const { from, gasLimit, gasPrice } = ethers.Transaction.from(PRESIGNED_DEPLOYER);
  const [funder] = await ethers.getSigners();
  await funder!.sendTransaction({ to: from, value: gasLimit * gasPrice! });
  await (await ethers.provider.broadcastTransaction(PRESIGNED_DEPLOYER)).wait();
}
