/** ensdomains' resolver of 2020: records on the chain, no ENSIP-10. */
import { Contract, ContractFactory } from "ethers";
import { packagedArtifact } from "../../../src/chain/artifacts.js";
import type { AdminWorld } from "./adminWorld.js";

export async function deployPublicResolver({ chain, ens }: AdminWorld): Promise<Contract> {
  const { abi, bytecode } = packagedArtifact(
    "@ensdomains/resolver/build/contracts/PublicResolver.json",
  );
  const deployed = await new ContractFactory(abi, bytecode, chain.admin).deploy(ens.registry);
  await deployed.waitForDeployment();
  return new Contract(await deployed.getAddress(), abi, chain.admin);
}
