/**
 * npm run gas [-- <folder>]: measures what our resolver costs, beside two others if a folder holds their compiled
 * artifacts (OffchainResolver.json of ensdomains/offchain-resolver, L1Resolver.json of base/basenames: `abi` and
 * `bytecode`), and writes the table in docs/contracts.md. Without a folder, their columns stay as they are.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import hre from "hardhat";
import { type Digest, digestFrom } from "../src/abi/digest.js";
import { fromHex, toHex } from "../src/abi/hex.js";
import { batchOf } from "../src/ccip/answerBatch.js";
import { SALT_BYTES } from "../src/ccip/batchSignature.js";
import { answerDigest } from "../src/ccip/digest.js";
import { parseAddress } from "../src/ens/address.js";
import { type Column, type GasTable, readGasTable, writeGasTable } from "./gasTable.js";

const { ethers } = hre;
const coder = ethers.AbiCoder.defaultAbiCoder();
type Contract = Awaited<ReturnType<typeof ethers.deployContract>>;

const URL_TEMPLATE = "https://gateway.example/{sender}/{data}.json";
const NAME = "alice.example.eth";
const NODE = ethers.namehash(NAME);
const key = new ethers.SigningKey(`0x${"11".repeat(32)}`);
const signer = ethers.computeAddress(key);
const successor = ethers.computeAddress(`0x${"22".repeat(32)}`);
const lookups = new ethers.Interface([
  "function resolve(bytes name, bytes data)",
  "function text(bytes32 node, string key)",
  "function multicall(bytes[] calls)",
  "function supportsInterface(bytes4 id)",
  "error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData)",
]);

/** The administration calls that a resolver has. */
interface Peer {
  readonly column: Column;
  readonly contract: Contract;
  readonly calls: Readonly<Record<string, readonly [name: string, ...values: unknown[]]>>;
}

async function deployPeers(folder: string | undefined): Promise<Peer[]> {
  const [owner] = await ethers.getSigners();
  const own: Peer = {
    column: "Signpost",
    contract: await ethers.deployContract("OffchainResolver", [
      present(owner).address,
      [signer],
      [URL_TEMPLATE],
      300,
    ]),
    calls: {
      add: ["addSigner", successor],
      remove: ["removeSigner", successor],
      url: ["setUrls", ["https://other.example/{sender}/{data}"]],
    },
  };
  if (folder === undefined) return [own];
  const deploy = async (name: string, ...values: unknown[]) => {
    const file = readFileSync(join(folder, `${name}.json`), "utf8");
    const { abi, bytecode } = JSON.parse(file) as { abi: string[]; bytecode: string };
    return (await (await ethers.getContractFactory(abi, bytecode)).deploy(...values)) as Contract;
  };
  return [
    own,
    {
      column: "offchain-resolver",
      contract: await deploy("OffchainResolver", URL_TEMPLATE, [signer]),
      calls: {},
    },
    {
      column: "L1Resolver",
      contract: await deploy(
        "L1Resolver",
        URL_TEMPLATE,
        [signer],
        present(owner).address,
        present(owner).address,
      ),
      calls: {
        add: ["addSigners", [successor]],
        remove: ["removeSigner", successor],
        url: ["setUrl", "https://other.example/{sender}/{data}"],
      },
    },
  ];
}

/** Each row of the table, in order. */
async function measure({ column, contract, calls }: Peer): Promise<Record<string, bigint | null>> {
  const meter = await ethers.deployContract("GasMeter");
  const target = await contract.getAddress();
  const callGas = async (data: string) =>
    (await meter.getFunction("gasOf").staticCall(target, data)) as bigint;
  const transactionGas = async (call: string) => {
    const [name, ...values] = calls[call] ?? [];
    if (name === undefined) return null;
    const receipt = await (await contract.getFunction(name).send(...values)).wait();
    return present(receipt).gasUsed;
  };
  const encode = (name: string, ...values: unknown[]) => lookups.encodeFunctionData(name, values);
  const resolve = (data: string) => encode("resolve", ethers.dnsEncode(NAME), data);
  const text = encode("text", NODE, "greeting");
  const eightTexts = encode("multicall", Array<string>(8).fill(text));
  const value = coder.encode(["string"], ["hello"]);
  const eightValues = coder.encode(["bytes[]"], [Array<string>(8).fill(value)]);
  const inBatches = async () => {
    const rows: Record<string, bigint | null> = {};
    for (const count of [2, 64, 4096]) {
      const data = await callback(contract, resolve(text), value, count);
      const row = `callback with a text record, from a batch of ${count.toLocaleString("en")}`;
      rows[row] = await callGas(data);
    }
    return rows;
  };
  const deployment = await contract.deploymentTransaction()?.wait();

  return {
    "deployment, one signer, one URL (transaction)": present(deployment).gasUsed,
    "`resolve` of a text record, to its lookup": await callGas(resolve(text)),
    "callback with a text record": await callGas(await callback(contract, resolve(text), value)),
    ...(column === "Signpost" ? await inBatches() : {}),
    "callback with a multicall of 8 text records": await callGas(
      await callback(contract, resolve(eightTexts), eightValues),
    ),
    "`supportsInterface(0x9061b923)`": await callGas(encode("supportsInterface", "0x9061b923")),
    "call without data, as the UniversalResolver probes": await callGas("0x"),
    "add a signer (transaction)": await transactionGas("add"),
    "remove a signer (transaction)": await transactionGas("remove"),
    "replace the URL (transaction)": await transactionGas("url"),
  };
}

/**
 * The call data by which a client hands a signed `result` to the resolver's callback.
 * @param count how many answers share the signature
 */
async function callback(
  contract: Contract,
  callData: string,
  result: string,
  count = 1,
): Promise<string> {
  const target = await contract.getAddress();
  const lookup = present(lookups.parseError(await revertData(target, callData))).args;
  const [, , request, selector, extraData] = lookup.toArray() as [
    string,
    string[],
    string,
    string,
    string,
  ];
  const block = await ethers.provider.getBlock("latest");
  const expiresSec = BigInt(present(block).timestamp) + 200n;
  const digest = answerDigest({
    target: parseAddress(target),
    expiresSec,
    request: fromHex(request),
    result: fromHex(result),
  });
  const signature = count === 1 ? key.sign(digest).serialized : signedTogether(digest, count);
  const response = coder.encode(["bytes", "uint64", "bytes"], [result, expiresSec, signature]);
  const data = ethers.concat([selector, coder.encode(["bytes", "bytes"], [response, extraData])]);
  // a refused answer would be cheap
  await ethers.provider.call({ to: target, data });
  return data;
}

/** The signature field of the first of `count` answers. */
function signedTogether(digest: Digest, count: number): string {
  const others = Array.from({ length: count - 1 }, (_, index) =>
    digestFrom(ethers.getBytes(ethers.id(index.toString()))),
  );
  const batch = batchOf([digest, ...others], new Uint8Array(SALT_BYTES * count).fill(0x5a));
  return toHex(batch.fieldOf(0, fromHex(key.sign(batch.toSign).serialized)));
}

/** For what a working chain always has. */
function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error("The chain lost what was sent to it.");
  return value;
}

async function revertData(to: string, data: string): Promise<string> {
  try {
    await ethers.provider.call({ to, data });
  } catch (error) {
    const { data: reverted } = error as { data?: unknown };
    if (typeof reverted === "string") return reverted;
    throw error;
  }
  throw new Error(`A lookup at ${to} was expected to revert, but returned.`);
}

const before = readGasTable();
const measured: GasTable = new Map();
for (const peer of await deployPeers(process.argv[2])) {
  for (const [name, gas] of Object.entries(await measure(peer))) {
    const row = measured.get(name) ?? new Map(before.get(name));
    measured.set(name, row.set(peer.column, gas?.toLocaleString("en") ?? "–"));
  }
}
console.log(writeGasTable(measured));
process.exit(0);
