/** A chain with ENS behind a real port, a resolver on it, and `signpost resolver` run against them. */
import { randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import { Contract, ContractFactory, type HDNodeWallet, id, namehash, Wallet } from "ethers";
import { ownArtifact } from "../../../src/chain/artifacts.js";
import { deployResolver } from "../../../src/chain/deployResolver.js";
import { CREATE2_DEPLOYER } from "../../../src/chain/deterministicDeployment.js";
import { RESOLVER_ABI } from "../../../src/chain/resolverState.js";
import { type LocalChain, startLocalChain } from "../../../src/demo/localChain.js";
import { deployLocalEns, type LocalEns } from "../../../src/demo/localEns.js";
import { type Run, runResolver } from "./runResolver.js";

/** The runtime code of the canonical CREATE2 deployer. */
const CREATE2_DEPLOYER_CODE =
  "0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3";

export const GATEWAY = "https://gateway.example";

export interface AdminWorld {
  readonly chain: LocalChain;
  readonly ens: LocalEns;
  /** The accounts that the RPC node signs for, checksummed. */
  readonly accounts: readonly string[];
  /** Runs a command as `signpost resolver ...args --rpc ...`, with nobody at the terminal. */
  run(...args: string[]): Promise<Run>;
  /** The same, with somebody who answers each question by the first line whose key it holds. */
  runAsking(answers: Readonly<Record<string, string>>, ...args: string[]): Promise<Run>;
  /** A new resolver, owned by the first account. */
  deploy(...signers: string[]): Promise<Contract>;
  /** Puts the canonical CREATE2 deployer on the chain, or takes it away. */
  setCreate2Deployer(present: boolean): Promise<void>;
  /** Creates `name` for `owner` in the registry. */
  register(name: string, owner: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startAdminWorld(): Promise<AdminWorld> {
  const chain = await startLocalChain();
  const ens = await deployLocalEns(chain.admin);
  const deployerCode = await chain.provider.getCode(CREATE2_DEPLOYER);
  const accounts = (await chain.provider.listAccounts()).map(({ address }) => address);
  return {
    chain,
    ens,
    accounts,
    run: (...args) => runResolver(chain.rpcUrl, unprobed(args)),
    runAsking: (answers, ...args) => {
      const input = Object.assign(new PassThrough(), { isTTY: true });
      const onErr = (text: string) => {
        const asked = Object.keys(answers).find((question) => text.includes(question));
        if (asked !== undefined) setImmediate(() => input.write(`${answers[asked] ?? ""}\n`));
      };
      return runResolver(chain.rpcUrl, unprobed(args), { input, onErr });
    },
    deploy: async (...signers) => {
      const owner = await chain.admin.getAddress();
      const settings = {
        owner,
        gatewaySigners: signers.length > 0 ? signers : [newAddress()],
        gatewayOrigins: [GATEWAY],
        maxValiditySec: 300,
      };
      return new Contract(await deployResolver(chain.admin, settings), RESOLVER_ABI, chain.admin);
    },
    setCreate2Deployer: async (present) => {
      const code = present ? CREATE2_DEPLOYER_CODE : "0x";
      await chain.provider.send("hardhat_setCode", [CREATE2_DEPLOYER, code]);
    },
    register: async (name, owner) => {
      await ens.setResolver(name, "0x0000000000000000000000000000000000000000");
      const registry = registryOf(ens, chain);
      await (await registry.getFunction("setOwner").send(namehash(name), owner)).wait();
    },
    stop: async () => {
      // the in-process chain outlives this world
      await chain.provider.send("hardhat_setCode", [CREATE2_DEPLOYER, deployerCode]);
      await chain.stop();
    },
  };
}

/** No gateway answers at the URLs of these tests; `gatewayProbe.test.ts` is about those that are asked. */
function unprobed(args: readonly string[]): readonly string[] {
  const hasUrls = args[0] === "deploy" || (args[0] === "urls" && args[1] === "set");
  return hasUrls ? [...args, "--although-unreachable"] : args;
}

export function registryOf(ens: LocalEns, chain: LocalChain, account = chain.admin): Contract {
  return new Contract(
    ens.registry,
    [
      "function owner(bytes32) view returns (address)",
      "function resolver(bytes32) view returns (address)",
      "function setOwner(bytes32, address)",
      "function setApprovalForAll(address, bool)",
    ],
    account,
  );
}

/** Deploys a contract of contracts/. */
export async function deployOwn(chain: LocalChain, source: string, ...values: unknown[]) {
  const { abi, bytecode } = await ownArtifact(source);
  const deployed = await new ContractFactory(abi, bytecode, chain.admin).deploy(...values);
  await deployed.waitForDeployment();
  return new Contract(await deployed.getAddress(), abi, chain.admin);
}

export function newAddress(): string {
  return Wallet.createRandom().address;
}

/** A wallet with ether. */
export async function fundedWallet(chain: LocalChain): Promise<HDNodeWallet> {
  const wallet = Wallet.createRandom();
  await (await chain.admin.sendTransaction({ to: wallet.address, value: 10n ** 18n })).wait();
  return wallet;
}

/** A name of its own for each test. */
export function newName(): string {
  return `a${id(randomBytes(8).toString("hex")).slice(2, 12)}.example.eth`;
}
