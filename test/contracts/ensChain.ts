/** An ENS registry with a UniversalResolver on the in-process EVM, and a stock client of it. */
import registryArtifact from "@ensdomains/ens/build/contracts/ENSRegistry.json" with { type: "json" };
import hre from "hardhat";
import {
  type CcipRequestParameters,
  createPublicClient,
  custom,
  defineChain,
  type Hex,
} from "viem";
import { type Contract, deploy, ethers } from "./deployment.js";

export interface EnsChain {
  readonly universal: Contract;
  /** Names the resolver of `name` in the registry; the names above it come into being on the way. */
  setResolver(name: string, resolver: string): Promise<void>;
}

export async function deployEns(): Promise<EnsChain> {
  const { abi, bytecode } = registryArtifact;
  const registry = await (await ethers.getContractFactory(abi, bytecode)).deploy();
  const universal = await deploy("UniversalResolver", await registry.getAddress());
  const [owner] = await ethers.getSigners();

  /** Creates `name` and those above it; returns its node. */
  async function create(name: string): Promise<string> {
    if (name === "") return ethers.ZeroHash;
    const [label, ...above] = name.split(".");
    const parent = await create(above.join("."));
    await registry.getFunction("setSubnodeOwner").send(parent, ethers.id(label!), owner!.address);
    return ethers.namehash(name);
  }

  return {
    universal,
    async setResolver(name, resolver) {
      await registry.getFunction("setResolver").send(await create(name), resolver);
    },
  };
}

/** What a gateway was asked: which of the URLs does not matter here. */
export type Gateway = (request: CcipRequestParameters) => Promise<string> | string;

/** viem as applications use it, except that it reaches `gateway`, if one is given, without HTTP. */
export async function clientOf(universal: Contract, gateway?: Gateway) {
  const chain = defineChain({
    id: 31337,
    name: "in-process",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [] } },
    contracts: { ensUniversalResolver: { address: (await universal.getAddress()) as Hex } },
  });
  return createPublicClient({
    chain,
    transport: custom(hre.network.provider, { retryCount: 0 }),
    ...(gateway && { ccipRead: { request: async (request) => (await gateway(request)) as Hex } }),
  });
}
