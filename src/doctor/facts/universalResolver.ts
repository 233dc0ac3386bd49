/** ENSIP-23's UniversalResolver, asked as viem asks it: with a batch gateway (ENSIP-21) of the client's own. */
import { Interface } from "ethers";
import { abiFunction } from "../../abi/abiFunction.js";
import { sameBytes } from "../../abi/bytes.js";
import { fromHex, toHex } from "../../abi/hex.js";
import { type Address, checksumAddress, parseAddress } from "../../ens/address.js";
import { encodeDnsName } from "../../ens/dnsName.js";
import { isSignpostError } from "../../errors.js";
import { batchQuery, LOCAL_BATCH_GATEWAY } from "../../lookup/batchGateway.js";
import { callbackCallData, isLookup } from "../../lookup/ccipRead.js";
import { callContract, type CallResult } from "../../lookup/ethCall.js";
import { explainRevert } from "../../lookup/resolverErrors.js";
import { nameOf, type Patient } from "../patient.js";
import { workingUrl } from "./acceptance.js";
import { askGateway } from "./gatewayExchange.js";
import { firstAnswerOf, type Lookup } from "./lookup.js";

const MOST_LOOKUPS = 10;

const universal = new Interface([
  "function resolve(bytes name, bytes data) view returns (bytes result, address resolver)",
  "error ResolverNotFound(bytes name)",
  "error ResolverNotContract(bytes name, address resolver)",
  "error UnsupportedResolverProfile(bytes4 selector)",
  "error ResolverError(bytes errorData)",
  "error DNSDecodingFailed(bytes dns)",
  "error HttpError(uint16 status, string message)",
]);

const httpError = abiFunction<[status: bigint, message: string], []>(
  "error HttpError(uint16 status, string message)",
);

export interface UniversalReading {
  /** The ABI-encoded result of the inner call, or null with a reason. */
  readonly data: Uint8Array | null;
  readonly reason: string;
  /** The one that answered, as the UniversalResolver says; null without a result. */
  readonly resolver: Address | null;
  /** Whether the batch gateway was used, rather than the resolver's own lookup passed on (ENSIP-22). */
  readonly batched: boolean;
}

/** Throws UNREACHABLE when the RPC node does not answer. */
export async function readUniversally(
  patient: Patient,
  contract: Address,
  call: Uint8Array,
): Promise<UniversalReading> {
  const callData = universal.encodeFunctionData("resolve", [encodeDnsName(nameOf(patient)), call]);
  let result = await callContract(patient, contract, fromHex(callData));
  let batched = false;
  const fault = (reason: string): UniversalReading => ({
    data: null,
    reason,
    resolver: null,
    batched,
  });
  for (let lookups = 0; isLookup(result); lookups++) {
    const answer = firstAnswerOf(result);
    if (answer.kind !== "lookup") return fault("its OffchainLookup cannot be read");
    if (lookups === MOST_LOOKUPS) return fault(`more than ${MOST_LOOKUPS} lookups in a row`);
    const { lookup } = answer;
    if (!sameBytes(lookup.sender, contract)) {
      return fault(`a lookup of ${checksumAddress(lookup.sender)} instead of its own`);
    }
    const isBatch = lookup.urls.includes(LOCAL_BATCH_GATEWAY);
    batched ||= isBatch;
    const response = isBatch ? await answerBatch(patient, lookup) : await ask(patient, lookup);
    if (typeof response === "string") return fault(response);
    result = await callContract(patient, contract, callbackCallData(lookup, response));
  }
  if (result.kind === "reverted") return fault(revertText(result));
  try {
    const [data, resolver] = universal.decodeFunctionResult("resolve", result.data) as unknown as [
      string,
      string,
    ];
    return { data: fromHex(data), reason: "", resolver: parseAddress(resolver), batched };
  } catch {
    return fault("it returns something other than (bytes, address)");
  }
}

/** The response of the gateway that works, or why there is none. */
async function ask(
  patient: Patient,
  lookup: Pick<Lookup, "sender" | "urls" | "callData">,
): Promise<Uint8Array | string> {
  const working = await workingUrl(patient);
  const url = working !== null && lookup.urls.includes(working) ? working : lookup.urls[0];
  if (url === undefined) return "the lookup lists no URL";
  const exchange = await askGateway(patient, url, lookup);
  if (exchange.kind === "unreachable") return exchange.reason;
  return exchange.response ?? `the gateway answers HTTP ${exchange.http.status}`;
}

/** ENSIP-21: every request asked by itself; one that fails is an HttpError in its place. */
async function answerBatch(patient: Patient, { callData }: Lookup): Promise<Uint8Array | string> {
  let requests: ReturnType<typeof batchQuery.decodeInput>[0];
  try {
    [requests] = batchQuery.decodeInput(callData);
  } catch (error) {
    if (!isSignpostError(error, "INVALID_CALL_DATA")) throw error;
    return "its request to the batch gateway cannot be read";
  }
  const responses = await Promise.all(
    requests.map(([sender, urls, data]) => ask(patient, { sender, urls, callData: data })),
  );
  return batchQuery.encodeOutput(
    responses.map((response) => typeof response === "string"),
    responses.map((response) =>
      typeof response === "string" ? httpError.encodeInput(500n, response) : response,
    ),
  );
}

function revertText({ data }: CallResult): string {
  try {
    const error = universal.parseError(toHex(data));
    if (error?.name === "ResolverError") {
      return `ResolverError: ${explainRevert(fromHex(String(error.args[0]))).reason}`;
    }
    if (error) return error.name;
  } catch (error) {
    if (isSignpostError(error)) throw error;
    // malformed arguments: the selector says enough
  }
  return explainRevert(data).reason;
}
