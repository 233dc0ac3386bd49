/** The client's side of ERC-3668 (CCIP Read): a contract call that may be answered by a gateway. */
import { abiFunction } from "../abi/abiFunction.js";
import { toHex } from "../abi/hex.js";
import { offchainLookup, urlCount } from "../ccip/offchainLookup.js";
import { type Address, checksumAddress } from "../ens/address.js";
import { foreignText } from "../fetch/foreignText.js";
import { answerBatch, LOCAL_BATCH_GATEWAY } from "./batchGateway.js";
import { chainLag } from "./chainLag.js";
import { type CheckLog, failedCheck } from "./checks.js";
import { callContract, type CallResult } from "./ethCall.js";
import { askGateways } from "./gatewayQuery.js";
import type { ReadContext } from "./readContext.js";
import { explainRevert, saysUnsupported } from "./resolverErrors.js";

/** As many lookups as ERC-3668 recommends to follow for one call. */
const MOST_LOOKUPS = 4;

/** The most that we decode of an OffchainLookup, and of the URLs that it lists: 64 times 64 KiB at the worst. */
const MAX_LOOKUP_BYTES = 64 * 1024;
const MOST_LISTED_URLS = 64;

const callback = abiFunction<[response: Uint8Array, extraData: Uint8Array], []>(
  "function callback(bytes response, bytes extraData)",
);

/**
 * Calls `contract` and follows every OffchainLookup. A revert of the call itself is a result; a
 * revert of a callback means that the contract refuses the gateway's answer, and throws a failed check. Only
 * UnsupportedResolverProfile is passed on from a callback: a signed "no such record".
 * Throws UNREACHABLE when the chain or every gateway did not answer.
 */
export async function callWithCcipRead(
  context: ReadContext,
  contract: Address,
  callData: Uint8Array,
): Promise<CallResult> {
  let result = await callContract(context, contract, callData);
  for (let lookups = 0; isLookup(result); lookups++) {
    if (lookups === MOST_LOOKUPS) {
      throw failedCheck(
        "ccip-nesting",
        `The resolver asks for more than ${MOST_LOOKUPS} lookups in a row. Tell its owner.`,
      );
    }
    result = await followLookup(context, contract, result.data);
  }
  return result;
}

/** Whether the contract asks for a lookup (ERC-3668) instead of answering. */
export function isLookup({ kind, data }: CallResult): boolean {
  return kind === "reverted" && toHex(data.subarray(0, 4)) === offchainLookup.selector;
}

async function followLookup(
  context: ReadContext,
  contract: Address,
  revertData: Uint8Array,
): Promise<CallResult> {
  const { checks, expiry, fetcher, deadline } = context;
  const [sender, urls, callData, callbackFunction, extraData] = decodeOffchainLookup(
    checks,
    revertData,
  );
  checkSender(checks, sender, contract);

  const { url, response } = urls.includes(LOCAL_BATCH_GATEWAY)
    ? { url: LOCAL_BATCH_GATEWAY, response: await answerBatch(context, callData) }
    : await askGateways({ urls, sender, callData }, fetcher, deadline);

  const callbackData = callbackCallData({ callbackFunction, extraData }, response);
  const result = await callContract(context, contract, callbackData);
  if (result.kind === "reverted" && !isLookup(result) && !saysUnsupported(result.data)) {
    const { check, reason } = explainRevert(result.data);
    const lag = await chainLag(context, result.data);
    if (lag !== null) throw lag;
    throw failedCheck(
      check,
      `The resolver ${checksumAddress(contract)} refuses the answer of ${foreignText(url)}: ${reason}.`,
    );
  }
  expiry.note(response);
  checks.pass(
    "ccip-callback",
    `${checksumAddress(contract)} accepted the answer of ${foreignText(url)}`,
  );
  return result;
}

/** The call that hands a gateway's response to the contract that asked for it. */
export function callbackCallData(
  { callbackFunction, extraData }: { callbackFunction: Uint8Array; extraData: Uint8Array },
  response: Uint8Array,
): Uint8Array {
  const callData = callback.encodeInput(response, extraData);
  callData.set(callbackFunction);
  return callData;
}

/** The arguments of an OffchainLookup; throws a failed check when it is malformed or out of bounds. */
export function decodeOffchainLookup(checks: CheckLog, revertData: Uint8Array) {
  if (revertData.length > MAX_LOOKUP_BYTES) {
    throw failedCheck(
      "ccip-lookup",
      `The resolver's OffchainLookup has ${revertData.length} bytes; ${MAX_LOOKUP_BYTES} is the most we read.`,
    );
  }
  return checks.run("ccip-lookup", "the OffchainLookup is well-formed", () => {
    const urls = urlCount(revertData);
    if (urls > MOST_LISTED_URLS) {
      throw failedCheck(
        "ccip-lookup",
        `The resolver's OffchainLookup lists ${urls} URLs; ${MOST_LISTED_URLS} is the most we read.`,
      );
    }
    return offchainLookup.decodeInput(revertData);
  });
}

/** A contract in between could otherwise pass off the lookup of another one as its own (ERC-3668). */
function checkSender(checks: CheckLog, sender: Address, contract: Address): void {
  if (toHex(sender) !== toHex(contract)) {
    throw failedCheck(
      "ccip-sender",
      `The resolver ${checksumAddress(contract)} passes on a lookup of ${checksumAddress(sender)}, ` +
        "which ERC-3668 forbids. Tell its owner.",
    );
  }
  checks.pass("ccip-sender", `${checksumAddress(sender)} asks for its own lookup`);
}
