/** ENS on a local chain: the registry as ENS deployed it, and a stand-in for its UniversalResolver. */
import { Contract, ContractFactory, id, namehash, type Signer, ZeroHash } from "ethers";
import { ownArtifact, packagedArtifact } from "../chain/artifacts.js";
import { parentName } from "../ens/hierarchy.js";

export interface LocalEns {
  readonly registry: string;
  readonly universalResolver: string;
  /** Registers every label of `name` that is missing, for the admin, and sets the resolver of `name`. */
  setResolver(name: string, resolver: string): Promise<void>;
}

export async function deployLocalEns(admin: Signer): Promise<LocalEns> {
  const registryArtifact = packagedArtifact("@ensdomains/ens/build/contracts/ENSRegistry.json");
  const registryFactory = new ContractFactory(
    registryArtifact.abi,
    registryArtifact.bytecode,
    admin,
  );
  const registry = await (await registryFactory.deploy()).waitForDeployment();
  const registryAddress = await registry.getAddress();

  const { abi, bytecode } = await ownArtifact("demo/UniversalResolver");
  const universalFactory = new ContractFactory(abi, bytecode, admin);
  const universal = await (await universalFactory.deploy(registryAddress)).waitForDeployment();

  const ens = new Contract(registryAddress, registryArtifact.abi, admin);
  return {
    registry: registryAddress,
    universalResolver: await universal.getAddress(),
    setResolver: async (name, resolver) => {
      await register(ens, admin, name);
      await send(ens, "setResolver", namehash(name), resolver);
    },
  };
}

async function register(ens: Contract, admin: Signer, name: string): Promise<void> {
  const parent = parentName(name);
  if (parent !== null) await register(ens, admin, parent);
  const owner = await admin.getAddress();
  const current: unknown = await ens.getFunction("owner")(namehash(name));
  if (current === owner) return;
  const parentNode = parent === null ? ZeroHash : namehash(parent);
  const label = name.split(".")[0] ?? name;
  await send(ens, "setSubnodeOwner", parentNode, id(label), owner);
}

async function send(contract: Contract, method: string, ...args: unknown[]): Promise<void> {
  const transaction = await contract.getFunction(method).send(...args);
  await transaction.wait();
}
