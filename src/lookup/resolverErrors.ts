import { type AbiFunction, abiFunction } from "../abi/abiFunction.js";
import { type Hex, toHex } from "../abi/hex.js";
import { checksumAddress } from "../ens/address.js";
import { unsupportedResolverProfile } from "../ens/resolverFunctions.js";
import { isSignpostError } from "../errors.js";
import { foreignText } from "../fetch/foreignText.js";
import type { CheckName } from "./checks.js";

/** Why a contract reverted, in words, and which check that is about when a callback did. */
export interface RevertReason {
  readonly check: CheckName;
  /** Continues a sentence: "the resolver refuses it: ...". */
  readonly reason: string;
}

interface KnownError {
  readonly selector: Hex;
  readonly check: CheckName;
  /** Throws INVALID_CALL_DATA when the arguments are malformed. */
  explain(revertData: Uint8Array): string;
}

function known<In extends readonly unknown[]>(
  check: CheckName,
  error: AbiFunction<In, []>,
  explain: (...args: In) => string,
): KnownError {
  const { selector } = error;
  return { selector, check, explain: (revertData) => explain(...error.decodeInput(revertData)) };
}

/** Year 10000: beyond it, and for milliseconds taken for seconds, a date would say nothing. */
const FIRST_UNREADABLE_SECOND = 253_402_300_800n;

function time(seconds: bigint): string {
  return seconds < FIRST_UNREADABLE_SECOND
    ? new Date(Number(seconds) * 1000).toISOString()
    : `second ${seconds.toString()}`;
}

const MALFORMED_SIGNATURE = () => "its signature is malformed";

/** contracts/interfaces/IOffchainResolver.sol, OpenZeppelin's ECDSA, and Solidity's own two. */
const KNOWN_ERRORS: readonly KnownError[] = [
  known(
    "gateway-signature",
    abiFunction<[Uint8Array], []>("error UnknownSigner(address signer)"),
    (signer) => `it is signed by ${checksumAddress(signer)}, which the resolver does not trust`,
  ),
  known("gateway-signature", abiFunction<[], []>("error InvalidSignature()"), MALFORMED_SIGNATURE),
  known(
    "gateway-signature",
    abiFunction<[], []>("error ECDSAInvalidSignature()"),
    MALFORMED_SIGNATURE,
  ),
  known(
    "gateway-signature",
    abiFunction<[bigint], []>("error ECDSAInvalidSignatureLength(uint256 length)"),
    (length) => `its signature has ${length.toString()} bytes`,
  ),
  known(
    "gateway-signature",
    abiFunction<[Uint8Array], []>("error ECDSAInvalidSignatureS(bytes32 s)"),
    (s) => `its signature is malleable (${toHex(s)} is too high an s)`,
  ),
  known(
    "answer-expiry",
    abiFunction<[bigint, bigint], []>("error AnswerExpired(uint64 expires, uint256 timestamp)"),
    (expires, now) => `it expired at ${time(expires)}, and the chain's time is ${time(now)}`,
  ),
  known(
    "answer-expiry",
    abiFunction<[bigint, bigint], []>("error ValidityTooLong(uint64 expires, uint256 latest)"),
    (expires, latest) => `it is valid until ${time(expires)}, later than ${time(latest)}`,
  ),
  known(
    "answer-chain",
    abiFunction<[bigint, bigint], []>("error WrongChain(uint256 expected, uint256 got)"),
    (expected, got) => `it is for chain ${got.toString()} instead of ${expected.toString()}`,
  ),
  known(
    "ccip-callback",
    abiFunction<[], []>("error MalformedResponse()"),
    () => "it is not in the resolver's format",
  ),
  known("ccip-callback", abiFunction<[string], []>("error Error(string message)"), (message) =>
    foreignText(message),
  ),
  known(
    "ccip-callback",
    abiFunction<[bigint], []>("error Panic(uint256 code)"),
    (code) => `the contract panicked (code ${code.toString()})`,
  ),
];

export function explainRevert(revertData: Uint8Array): RevertReason {
  const selector = toHex(revertData.subarray(0, 4));
  const error = KNOWN_ERRORS.find((candidate) => candidate.selector === selector);
  if (error === undefined) {
    const reason = revertData.length === 0 ? "it gives no reason" : `it reverts with ${selector}`;
    return { check: "ccip-callback", reason };
  }
  try {
    const reason = error.explain(revertData);
    return { check: error.check === "ccip-callback" ? checkInWords(reason) : error.check, reason };
  } catch (cause) {
    if (!isSignpostError(cause, "INVALID_CALL_DATA")) throw cause;
    return { check: error.check, reason: `it reverts with a malformed ${selector}` };
  }
}

/** Resolvers older than typed errors say it in words (ensdomains' SignatureVerifier: "Signature expired"). */
function checkInWords(reason: string): CheckName {
  if (/expired/i.test(reason)) return "answer-expiry";
  return /sign?ature|signer/i.test(reason) ? "gateway-signature" : "ccip-callback";
}

/** Whether the resolver said, by ENSIP-23, that it has no such record. */
export function saysUnsupported(revertData: Uint8Array): boolean {
  return toHex(revertData.subarray(0, 4)) === unsupportedResolverProfile.selector;
}
