/** Proving that a deployed resolver is the compiled one, and what block explorers want to see for it. */
import { readFile } from "node:fs/promises";
import { AbiCoder, id, Interface, type JsonRpcProvider } from "ethers";
import { ownArtifact } from "../src/chain/artifacts.js";
import { rpcFailure } from "../src/chain/connection.js";
import { SignpostError } from "../src/errors.js";

export interface VerifiedSource {
  /** The compiler's full version, e.g. `0.8.30+commit.73712a01`. */
  readonly compiler: string;
  /** As explorers ask for it: `contracts/OffchainResolver.sol:OffchainResolver`. */
  readonly contract: string;
  /** solc's standard-JSON input, with the sources of this contract only. */
  readonly standardJsonInput: unknown;
  /** Hex without 0x, as explorers take it. */
  readonly constructorArguments: string;
  /** The same, decoded: owner, gatewaySigners, URLs as they were given, longest validity. */
  readonly constructorValues: readonly unknown[];
}

const SOURCE = "contracts/OffchainResolver.sol";
const NAME = "OffchainResolver";

interface Compiled {
  readonly metadata: string;
  readonly evm: {
    readonly bytecode: { readonly object: string };
    readonly deployedBytecode: {
      readonly object: string;
      readonly immutableReferences: Readonly<
        Record<string, readonly { start: number; length: number }[]>
      >;
    };
  };
}

interface BuildInfo {
  readonly input: { readonly sources: Readonly<Record<string, unknown>> };
  readonly output: {
    readonly contracts: Readonly<Record<string, Readonly<Record<string, Compiled>>>>;
  };
}

/**
 * @param transactionHash the deployment; found by the contract's first event unless given, for which some nodes
 *   do not search far enough back
 * @throws INVALID_REQUEST when the code at `address` is another one, or the deployment is not found
 */
export async function verifySource(
  provider: JsonRpcProvider,
  address: string,
  transactionHash?: string,
): Promise<VerifiedSource> {
  const build = await readBuild();
  const compiled = build.output.contracts[SOURCE]?.[NAME];
  if (compiled === undefined) throw notCompiled();
  const code = await asking("reading the code", () => provider.getCode(address));
  assertSameCode(code.slice(2), compiled, address);
  const input = await deploymentInput(provider, address, transactionHash);
  const { encoded, values } = await constructorArguments(input, compiled.evm.bytecode.object);
  const { compiler, sources } = JSON.parse(compiled.metadata) as {
    compiler: { version: string };
    sources: Record<string, unknown>;
  };
  return {
    compiler: compiler.version,
    contract: `${SOURCE}:${NAME}`,
    standardJsonInput: {
      ...build.input,
      sources: Object.fromEntries(
        Object.entries(build.input.sources).filter(([file]) => file in sources),
      ),
    },
    constructorArguments: encoded,
    constructorValues: values,
  };
}

/** Compares without the immutables, which the constructor writes into the code. */
function assertSameCode(code: string, { evm }: Compiled, address: string): void {
  const { object, immutableReferences } = evm.deployedBytecode;
  const places = Object.values(immutableReferences).flat();
  if (withoutPlaces(code, places) === withoutPlaces(object, places)) return;
  throw new SignpostError(
    "INVALID_REQUEST",
    `The code at ${address} is not what these sources compile to. Check out the version that was deployed, build it, and try again.`,
  );
}

function withoutPlaces(hex: string, places: readonly { start: number; length: number }[]): string {
  return places.reduce(
    (text, { start, length }) =>
      text.slice(0, 2 * start) + "0".repeat(2 * length) + text.slice(2 * (start + length)),
    hex,
  );
}

async function deploymentInput(
  provider: JsonRpcProvider,
  address: string,
  transactionHash: string | undefined,
): Promise<string> {
  const hash = transactionHash ?? (await firstTransaction(provider, address));
  const transaction =
    hash === undefined
      ? null
      : await asking("reading the deployment", () => provider.getTransaction(hash));
  if (transaction !== null) return transaction.data;
  throw new SignpostError(
    "INVALID_REQUEST",
    "The transaction that deployed the resolver was not found. Give its hash with --transaction.",
  );
}

/** The constructor's first event says who the owner is. */
async function firstTransaction(provider: JsonRpcProvider, address: string) {
  const topics = [id("OwnershipTransferred(address,address)")];
  try {
    const [first] = await provider.getLogs({ address, topics, fromBlock: 0, toBlock: "latest" });
    return first?.transactionHash;
  } catch {
    // many nodes limit how far they search: the caller can give the hash
    return undefined;
  }
}

/** Finds the init code wherever it stands: alone, behind CREATE2's salt, or inside a multisig's call. */
async function constructorArguments(input: string, bytecode: string) {
  const start = input.indexOf(bytecode);
  const { abi } = await ownArtifact(NAME);
  const types = Interface.from(abi).deploy.inputs;
  if (start !== -1) {
    const rest = input.slice(start + bytecode.length);
    const values = AbiCoder.defaultAbiCoder().decode(types, `0x${rest}`).toArray();
    const encoded = AbiCoder.defaultAbiCoder().encode(types, values).slice(2);
    if (rest.startsWith(encoded)) return { encoded, values };
  }
  throw new SignpostError(
    "INVALID_REQUEST",
    "That transaction does not hold the compiled init code. Give the hash of the deployment with --transaction.",
  );
}

async function readBuild(): Promise<BuildInfo> {
  const artifacts = new URL(`../artifacts/${SOURCE}/`, import.meta.url);
  try {
    const { buildInfo } = JSON.parse(
      await readFile(new URL(`${NAME}.dbg.json`, artifacts), "utf8"),
    ) as { buildInfo: string };
    return JSON.parse(await readFile(new URL(buildInfo, artifacts), "utf8")) as BuildInfo;
  } catch {
    throw notCompiled();
  }
}

function notCompiled(): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    `The contract ${NAME} is not compiled; run \`npm run build\`.`,
  );
}

async function asking<T>(doing: string, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw rpcFailure(error, doing);
  }
}
