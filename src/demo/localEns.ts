/** ENS on a local chain: the registry as ENS deployed it, and stand-ins for the .eth registrar and the UniversalResolver. */
import {
  concat,
  Contract,
  ContractFactory,
  id,
  type JsonRpcSigner,
  keccak256,
  namehash,
  type Signer,
  toBeHex,
  ZeroHash,
} from "ethers";
import { ownArtifact, packagedArtifact } from "../chain/artifacts.js";
import { parentName } from "../ens/hierarchy.js";

const YEAR_SEC = 365 * 86_400;

export interface LocalEns {
  readonly registry: string;
  readonly universalResolver: string;
  /** Registers every label of `name` that is missing, for the admin, and sets the resolver of `name`. */
  setResolver(name: string, resolver: string): Promise<void>;
}

/** @param at where clients look for the registry; by default wherever it comes to be */
export async function deployLocalEns(admin: JsonRpcSigner, at?: string): Promise<LocalEns> {
  const registryArtifact = packagedArtifact("@ensdomains/ens/build/contracts/ENSRegistry.json");
  const registryFactory = new ContractFactory(
    registryArtifact.abi,
    registryArtifact.bytecode,
    admin,
  );
  const registry = await (await registryFactory.deploy()).waitForDeployment();
  const deployedAt = await registry.getAddress();
  const registryAddress = at ?? deployedAt;
  if (at !== undefined) await putRegistry(at, deployedAt, admin);

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

/** The same code at another address, with the same owner of the root, which is all that a new registry has. */
async function putRegistry(at: string, deployedAt: string, admin: JsonRpcSigner): Promise<void> {
  const { provider } = admin;
  // records, the first variable, is a mapping from nodes to structs, of which the owner is the first member
  const rootOwner = keccak256(concat([ZeroHash, toBeHex(0, 32)]));
  await provider.send("hardhat_setCode", [at, await provider.getCode(deployedAt)]);
  await provider.send("hardhat_setStorageAt", [
    ...[at, rootOwner],
    await provider.getStorage(deployedAt, rootOwner),
  ]);
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
