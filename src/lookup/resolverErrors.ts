import { toHex } from "../abi/hex.js";
import { type TypedError, typedError, typedErrorIn } from "../abi/typedError.js";
import { type Address, checksumAddress } from "../ens/address.js";
import { unsupportedResolverProfile } from "../ens/resolverFunctions.js";
import { isSignpostError } from "../errors.js";
import { foreignText } from "../fetch/foreignText.js";
import type { CheckName } from "./checks.js";

/** Why a contract reverted, in words, and which check that is about when a callback did. */
export interface ExplainedRevert {
  readonly check: CheckName;
  /** Continues a sentence: "the resolver refuses it: ...". */
  readonly reason: string;
}

interface KnownError extends TypedError {
  readonly check: CheckName;
}

function known(
  check: CheckName,
  type: string,
  explain: (...values: never[]) => string,
): KnownError {
  return { check, ...typedError(type, explain) };
}

/** Year 10000: beyond it, and for milliseconds taken for seconds, a date would say nothing. */
const FIRST_UNREADABLE_SECOND = 253_402_300_800n;

function time(seconds: bigint): string {
  return seconds < FIRST_UNREADABLE_SECOND
    ? new Date(Number(seconds) * 1000).toISOString()
    : `second ${seconds.toString()}`;
}

const MALFORMED_SIGNATURE = () => "its signature is malformed";
const SIGNATURE_LENGTH = (length: bigint) => `its signature has ${length.toString()} bytes`;

/** contracts/interfaces/IOffchainResolver.sol, OpenZeppelin's ECDSA, and Solidity's own two. */
const KNOWN_ERRORS: readonly KnownError[] = [
  known(
    "gateway-signature",
    "error UnknownSigner(address signer)",
    (signer: Address) =>
      `it is signed by ${checksumAddress(signer)}, which the resolver does not trust`,
  ),
  known("gateway-signature", "error InvalidSignature()", MALFORMED_SIGNATURE),
  known("gateway-signature", "error InvalidSignatureLength(uint256 length)", SIGNATURE_LENGTH),
  known(
    "gateway-signature",
    "error PathNotInBatch(bytes32 root, bytes32 reached)",
    () => "it is not in the batch that its gateway signed",
  ),
  known("gateway-signature", "error ECDSAInvalidSignature()", MALFORMED_SIGNATURE),
  known("gateway-signature", "error ECDSAInvalidSignatureLength(uint256 length)", SIGNATURE_LENGTH),
  known(
    "gateway-signature",
    "error ECDSAInvalidSignatureS(bytes32 s)",
    (s: Uint8Array) => `its signature is malleable (${toHex(s)} is too high an s)`,
  ),
  known(
    "answer-expiry",
    "error AnswerExpired(uint64 expires, uint256 timestamp)",
    (expires: bigint, now: bigint) =>
      `it expired at ${time(expires)}, and the chain's time is ${time(now)}`,
  ),
  known(
    "answer-expiry",
    "error ValidityTooLong(uint64 expires, uint256 latest)",
    (expires: bigint, latest: bigint) =>
      `it is valid until ${time(expires)}, later than ${time(latest)}`,
  ),
  known(
    "answer-chain",
    "error WrongChain(uint256 expected, uint256 got)",
    (expected: bigint, got: bigint) =>
      `it is for chain ${got.toString()} instead of ${expected.toString()}`,
  ),
  known("ccip-callback", "error MalformedResponse()", () => "it is not in the resolver's format"),
  known(
    "ccip-callback",
    "error UnexpectedSignedError(bytes4 selector)",
    (selector: Uint8Array) =>
      `it is the error ${toHex(selector)}, which the resolver does not pass on`,
  ),
  known("ccip-callback", "error Error(string message)", (message: string) => foreignText(message)),
  known(
    "ccip-callback",
    "error Panic(uint256 code)",
    (code: bigint) => `the contract panicked (code ${code.toString()})`,
  ),
];

export function explainRevert(revertData: Uint8Array): ExplainedRevert {
  const error = typedErrorIn(KNOWN_ERRORS, revertData);
  const selector = toHex(revertData.subarray(0, 4));
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

/** ens-contracts, `ResolverCaller`: what a resolver that passes calls on says when there is nobody behind it. */
const unreachableName = typedError("error UnreachableName(bytes name)", () => "");

/** Whether a resolver that passes calls on said that there is no resolver behind it. */
export function saysNobodyBehind(revertData: Uint8Array): boolean {
  return toHex(revertData.subarray(0, 4)) === unreachableName.selector;
}
