/** ENS on a local chain: the registry as ENS deployed it, and stand-ins for the .eth registrar and the UniversalResolver. */
import { Contract, ContractFactory, id, namehash, type Signer, ZeroHash } from "ethers";
import { ownArtifact, packagedArtifact } from "../chain/artifacts.js";
import { parentName } from "../ens/hierarchy.js";

const YEAR_SEC = 365 * 86_400;

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

  const universal = await deployOwn("demo/UniversalResolver", admin, registryAddress);
  const registrar = await deployOwn("demo/Registrar", admin, registryAddress, namehash("eth"));
  const ens = new Contract(registryAddress, registryArtifact.abi, admin);
  await send(ens, "setSubnodeOwner", ZeroHash, id("eth"), await registrar.getAddress());
  return {
    registry: registryAddress,
    universalResolver: await universal.getAddress(),
    setResolver: async (name, resolver) => {
      await register({ ens, registrar, admin }, name);
      await send(ens, "setResolver", namehash(name), resolver);
    },
  };
}

interface Registration {
  readonly ens: Contract;
  readonly registrar: Contract;
  readonly admin: Signer;
}

/** .eth names for a year, at the registrar; those below them in the registry. */
async function register(of: Registration, name: string): Promise<void> {
  const { ens, registrar, admin } = of;
  const parent = parentName(name);
  const owner = await admin.getAddress();
  if (name === "eth" || (await ens.getFunction("owner")(namehash(name))) === owner) return;
  const label = id(name.split(".")[0] ?? name);
  if (parent === "eth") {
    const block = await admin.provider?.getBlock("latest");
    await send(registrar, "register", BigInt(label), owner, (block?.timestamp ?? 0) + YEAR_SEC);
    return;
  }
  if (parent !== null) await register(of, parent);
  await send(ens, "setSubnodeOwner", parent === null ? ZeroHash : namehash(parent), label, owner);
}

async function deployOwn(artifact: string, admin: Signer, ...values: unknown[]): Promise<Contract> {
  const { abi, bytecode } = await ownArtifact(artifact);
  const deployed = await new ContractFactory(abi, bytecode, admin).deploy(...values);
  await deployed.waitForDeployment();
  return new Contract(await deployed.getAddress(), abi, admin);
}

async function send(contract: Contract, method: string, ...args: unknown[]): Promise<void> {
  const transaction = await contract.getFunction(method).send(...args);
  await transaction.wait();
}
