import { type ErrorCode, isSignpostError, SignpostError } from "../errors.js";
import { foreignText } from "../fetch/foreignText.js";

/** Every check between a name and a profile, and what the SDK claims once it passed. */
export const CHECKS = {
  "resolver-call": "the resolver answers the call instead of reverting",
  "ccip-lookup": "the resolver's request to ask a gateway is well-formed",
  "ccip-sender": "the contract that asks for the lookup is the one that was called (ERC-3668)",
  "ccip-nesting": "lookups do not lead to further lookups for ever (ERC-3668)",
  "ccip-callback": "the resolver accepts what the gateway answered",
  "gateway-signature": "the gateway's answer is signed by a key that the resolver trusts",
  "answer-expiry": "the gateway's answer is valid now, and not for longer than the resolver allows",
  "answer-chain": "the gateway's answer was made for this chain",
  "record-format": "the resolver's result is a record of the type that was asked for",
  "profile-record": "the text record holds a profile or a link to one",
  "link-hash": "the linked profile has the hash that the record names",
  "ipfs-cid": "the profile from IPFS is the content that the record's CID names",
  "profile-format": "the profile follows the format of DM3",
  "relay-node-url": "the relay node's URL leads to a public address",
  "name-address": "the name has an Ethereum address to compare the signature with",
  "wallet-signature": "the wallet behind the name signed the profile",
  "network-record": "the network record follows its format",
  "network-signature":
    "each relay node that the network record names signed it for the name and its owner",
  "signing-node":
    "the relay node that signed the network record is the one that ENS has under its name",
  "certificate-record": "the certificate record follows its format",
  "certificate-signature": "the signing key of the name's profile signed the certificate",
} as const;

export type CheckName = keyof typeof CHECKS;

export interface PassedCheck {
  readonly check: CheckName;
  readonly passed: true;
  /** What was compared, for people. */
  readonly detail: string;
}

/** The error that a failed check throws inside the SDK; it leaves the SDK as an "untrusted" outcome. */
export function failedCheck(check: CheckName, sentence: string, cause?: unknown): SignpostError {
  const code: ErrorCode = SIGNATURE_CHECKS.has(check) ? "WRONG_SIGNER" : "INVALID_PROFILE";
  // sentences quote what strangers wrote: no escape sequence of theirs reaches a terminal
  return new SignpostError(code, foreignText(sentence, LONGEST_SENTENCE), { check }, { cause });
}

const LONGEST_SENTENCE = 800;

const SIGNATURE_CHECKS = new Set<CheckName>([
  "ccip-sender",
  "ccip-callback",
  "gateway-signature",
  "wallet-signature",
  "network-signature",
  "signing-node",
  "certificate-signature",
]);

/** The check that an error of the SDK tells of, or null when it is about something else. */
export function checkThatFailed(error: SignpostError): CheckName | null {
  if (!isSignpostError(error, "INVALID_PROFILE", "WRONG_SIGNER")) return null;
  const { check } = error.details;
  return check !== undefined && Object.hasOwn(CHECKS, check) ? (check as CheckName) : null;
}

/** The checks that one reading passed, in order. */
export class CheckLog {
  readonly passed: PassedCheck[] = [];

  pass(check: CheckName, detail: string): void {
    this.passed.push({ check, passed: true, detail });
  }

  /** Runs a check that throws a SignpostError when it fails. */
  run<T>(check: CheckName, detail: string, verify: () => T): T {
    let verified: T;
    try {
      verified = verify();
    } catch (error) {
      if (isSignpostError(error) && error.code !== "INTERNAL") {
        throw failedCheck(check, error.message, error);
      }
      throw error;
    }
    this.pass(check, detail);
    return verified;
  }
}
