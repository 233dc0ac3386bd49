/** The real ENS registry and public resolver, on the in-process EVM. */
import registryArtifact from "@ensdomains/ens/build/contracts/ENSRegistry.json" with { type: "json" };
import publicResolverArtifact from "@ensdomains/resolver/build/contracts/PublicResolver.json" with { type: "json" };
import hre from "hardhat";
import { toHex } from "../../src/abi/hex.js";
import { namehash } from "../../src/ens/namehash.js";
import type { Eip1193Provider } from "../../src/sdk/index.js";
import { type Contract, ethers, send } from "../contracts/deployment.js";

export const provider = hre.network.provider as unknown as Eip1193Provider;

export interface LocalEns {
  /** Address of the registry. */
  readonly ensRegistry: string;
  /** ensdomains' resolver of 2020: records on-chain, no ENSIP-10. */
  readonly publicResolver: Contract;
  /** Creates the name where needed, and gives it this resolver. */
  setResolver(name: string, resolver: Contract): Promise<void>;
  /** Writes a text record on the public resolver. */
  setText(name: string, key: string, value: string): Promise<void>;
  /** Writes addr(60) on the public resolver. */
  setAddress(name: string, address: string): Promise<void>;
}

const nodeOf = (name: string) => toHex(namehash(name));

export async function deployEns(): Promise<LocalEns> {
  const registry = await deployArtifact(registryArtifact);
  const ensRegistry = await registry.getAddress();
  const publicResolver = await deployArtifact(publicResolverArtifact, ensRegistry);
  const [owner] = await ethers.getSigners();

  async function own(name: string): Promise<void> {
    const [label = "", ...parents] = name.split(".");
    if (parents.length > 0) await own(parents.join("."));
    await send(
      registry,
      "setSubnodeOwner",
      nodeOf(parents.join(".")),
      ethers.id(label),
      owner!.address,
    );
  }

  return {
    ensRegistry,
    publicResolver,
    async setResolver(name, resolver) {
      await own(name);
      await send(registry, "setResolver", nodeOf(name), await resolver.getAddress());
    },
    async setText(name, key, value) {
      await send(publicResolver, "setText", nodeOf(name), key, value);
    },
    async setAddress(name, address) {
      const set = publicResolver.getFunction("setAddr(bytes32,address)");
      await set.send(nodeOf(name), address);
    },
  };
}

async function deployArtifact(
  artifact: { abi: unknown; bytecode: string },
  ...constructorArguments: unknown[]
): Promise<Contract> {
  const factory = await ethers.getContractFactory(artifact.abi as unknown[], artifact.bytecode);
  return factory.deploy(...constructorArguments);
}
