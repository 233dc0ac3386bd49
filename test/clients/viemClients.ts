/** viem, and ensjs on top of it: both ask a UniversalResolver. */
import { getRecords, getTextRecord } from "@ensdomains/ensjs/public";
import { normalise } from "@ensdomains/ensjs/utils";
import {
  BaseError,
  ContractFunctionRevertedError,
  decodeAbiParameters,
  encodeFunctionData,
  parseAbi,
  toHex,
} from "viem";
import { namehash, normalize, packetToBytes } from "viem/ens";
import { DM3_PROFILE_KEY } from "../../src/dm3/profile/profileRecord.js";
import { type EnsOnChain, viemClient } from "../e2e/stockClients.js";
import { ABSENT_KEY, type Reach } from "./clientCases.js";
import type { EnsClient, SeveralRecords } from "./ensClient.js";

const RESOLVER = parseAbi([
  "function text(bytes32 node, string key) view returns (string)",
  "function addr(bytes32 node) view returns (address)",
  "function multicall(bytes[] calls) view returns (bytes[])",
]);
const UNIVERSAL_RESOLVER = parseAbi([
  "function resolve(bytes name, bytes data) view returns (bytes result, address resolver)",
]);

/** @param strict whether viem is told to throw what it would show as null */
export function viemOf(world: EnsOnChain, reach: Reach, strict: boolean): EnsClient {
  const client = viemClient(world);
  return {
    title: `viem, ${reach}${strict ? ", `strict`" : ""}`,
    reach,
    profileRecord: (name) => client.getEnsText({ name, key: DM3_PROFILE_KEY, strict }),
    several: (name) => multicall(client, world, name),
    normalize,
    errorClass: viemErrorClass,
    whereSilent: strict
      ? null
      : "Pass `strict: true`: then `null` means absent, and all else is thrown.",
    whereStuck: null,
  };
}

/** viem has no call of its own for several records; this is what its readContract makes of one. */
async function multicall(
  client: ReturnType<typeof viemClient>,
  { ens }: EnsOnChain,
  name: string,
): Promise<SeveralRecords> {
  const node = namehash(name);
  const text = (key: string) =>
    encodeFunctionData({ abi: RESOLVER, functionName: "text", args: [node, key] });
  const calls = [
    text(DM3_PROFILE_KEY),
    text(ABSENT_KEY),
    encodeFunctionData({ abi: RESOLVER, functionName: "addr", args: [node] }),
  ];
  const [result] = await client.readContract({
    address: ens.universalResolver as `0x${string}`,
    abi: UNIVERSAL_RESOLVER,
    functionName: "resolve",
    args: [
      toHex(packetToBytes(name)),
      encodeFunctionData({ abi: RESOLVER, functionName: "multicall", args: [calls] }),
    ],
  });
  const [[profile, absent, address]] = decodeAbiParameters([{ type: "bytes[]" }], result);
  const [profileRecord] = decodeAbiParameters([{ type: "string" }], profile!);
  const [absentRecord] = decodeAbiParameters([{ type: "string" }], absent!);
  const [addr] = decodeAbiParameters([{ type: "address" }], address!);
  return { profileRecord, absentRecord: absentRecord || null, address: addr };
}

/** `getTextRecord` for one record, `getRecords` for several. The latter has no strict form. */
export function ensjsOf(world: EnsOnChain, reach: Reach, strict: boolean): EnsClient {
  // its types list the contracts of public chains, each with its address
  const client = viemClient(world) as unknown as Parameters<typeof getRecords>[0];
  return {
    title: `ensjs, ${reach}${strict ? ", `strict`" : ""}`,
    reach,
    profileRecord: (name) => getTextRecord(client, { name, key: DM3_PROFILE_KEY, strict }),
    several: strict ? null : (name) => recordsOf(client, name),
    normalize: normalise,
    errorClass: viemErrorClass,
    whereSilent: strict
      ? null
      : "Pass `strict: true` to `getTextRecord`: then `null` means absent. `getRecords` has no such option.",
    whereStuck: null,
  };
}

async function recordsOf(
  client: Parameters<typeof getRecords>[0],
  name: string,
): Promise<SeveralRecords> {
  const { texts, coins } = await getRecords(client, {
    name,
    texts: [DM3_PROFILE_KEY, ABSENT_KEY],
    coins: ["ETH"],
  });
  const text = (wanted: string) => texts.find(({ key }) => key === wanted)?.value ?? null;
  return {
    profileRecord: text(DM3_PROFILE_KEY),
    absentRecord: text(ABSENT_KEY),
    address: coins.find(({ id }) => id === 60)?.value ?? null,
  };
}

/** viem's innermost error says most; of a revert, the contract's own error as well. */
function viemErrorClass(error: unknown): string {
  if (!(error instanceof BaseError)) return String(error);
  const reverted = error.walk((inner) => inner instanceof ContractFunctionRevertedError);
  if (reverted instanceof ContractFunctionRevertedError && reverted.data) {
    return `${reverted.name}: ${reverted.data.errorName}`;
  }
  let innermost = error;
  while (innermost.cause instanceof BaseError) innermost = innermost.cause;
  return innermost.name;
}
