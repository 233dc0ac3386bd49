/**
 * The one error type of Signpost. `code` comes from a closed list, so that every surface (HTTP, command
 * line, SDK) maps it by a table; `message` is a sentence for a person that says what to do next.
 *
 * Absence is never an error here: a record or a name that does not exist is a value (`null`, or an
 * outcome with `status: "absent"`). An error means that something was wrong or could not be found out.
 */

/** Each code with what it tells the one who meets it. */
export const ERROR_CODES = {
  /** A name is not in ENSIP-15 normal form, or cannot be one. */
  INVALID_NAME: "the name is malformed",
  /** Bytes that claim to be an ERC-3668 request are not one we can decode. */
  INVALID_CALL_DATA: "the call data is malformed",
  /** A writer's message (ERC-7884) asks for a function that nobody carries out here. */
  FUNCTION_NOT_SUPPORTED: "the function is not supported",
  /** A DM3 profile breaks a rule of its format. */
  INVALID_PROFILE: "the profile is malformed",
  /** Any other input breaks its schema. */
  INVALID_REQUEST: "the request is malformed",
  /** The signature under a profile is not the one of the name's wallet. */
  WRONG_SIGNER: "the signature is not by the expected key",
  /** A profile that was replaced or deleted once is offered again. */
  SUPERSEDED_PROFILE: "the profile was replaced or deleted before",
  /** The name is no longer as the writer believed (If-Match, If-None-Match). */
  VERSION_CONFLICT: "the name has changed in the meantime",
  /** The owner of the name signed for it: the service can suspend it, but not change it. */
  HELD_BY_OWNER: "the name is held by its owner",
  /** The name is suspended: nobody but who suspended it can change that. */
  NAME_SUSPENDED: "the name is suspended",
  /** The name is kept for somebody else, or for nobody. */
  NAME_RESERVED: "the name is reserved",
  /** The domain's policy does not let wallets do this. */
  POLICY_FORBIDS: "the policy of the domain forbids it",
  /** A signed request has a sequence that was used before, or skips one. */
  WRONG_SEQUENCE: "the sequence is not the next one",
  /** The deadline of a signed request has passed. */
  REQUEST_EXPIRED: "the signed request has expired",
  /** An API key did more than its limit or quota allows; never on the path of lookups. */
  LIMIT_EXCEEDED: "the limit of the API key is reached",
  /** The name belongs to another wallet. */
  NAME_TAKEN: "the name belongs to another owner",
  /** No API key was given, or an unknown one. */
  UNAUTHORIZED: "no valid API key",
  /** The API key is valid, but not for this domain, or not for this kind of work. */
  FORBIDDEN: "the API key is not for this",
  /** A path names a resolver that this installation does not serve. */
  UNKNOWN_RESOLVER: "the resolver is not served here",
  /** A name lies under no domain that this installation serves for that resolver. */
  UNKNOWN_DOMAIN: "the domain is not served here",
  /** What the request names does not exist. */
  NOT_FOUND: "not found",
  /** The body, the URL or a part of it is over its bound. */
  TOO_LARGE: "the request is too large",
  /** The database did not answer. */
  DATABASE_UNAVAILABLE: "the database is unavailable",
  /** More requests are under way than can be answered in time. */
  OVERLOADED: "too many requests are under way",
  /** The signer did not sign, or not as it should have: a remote one, or a key management service. */
  SIGNER_UNAVAILABLE: "the signer is unavailable",
  /** Somebody else's server (a chain's RPC node, a gateway, a profile's host) did not answer. */
  UNREACHABLE: "a server did not answer",
  /** A contract would revert, or the account has no right to what it asks: nothing was sent. */
  TRANSACTION_REFUSED: "the transaction would be refused",
  /** A transaction was sent, but reverted or was not confirmed in time. */
  TRANSACTION_FAILED: "the transaction failed",
  /** A URL points to an address that we do not fetch from. */
  FORBIDDEN_ADDRESS: "the address may not be fetched from",
  /** A setting is missing or wrong. */
  INVALID_CONFIGURATION: "the configuration is wrong",
  /** A defect of ours. */
  INTERNAL: "internal error",
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

const NAME = "SignpostError";

export class SignpostError extends Error {
  /** By name and code: one that comes from another copy of this module is one as well. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return (
      value instanceof Error &&
      value.name === NAME &&
      "code" in value &&
      Object.hasOwn(ERROR_CODES, String(value.code))
    );
  }

  override readonly name = NAME;

  /**
   * @param code    from the closed list above
   * @param message a sentence for a person: what is wrong and what to do next; never a secret
   * @param details facts for a program, JSON-serialisable; never a secret
   */
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Whether `error` is ours and, if codes are given, carries one of them. */
export function isSignpostError(error: unknown, ...codes: ErrorCode[]): error is SignpostError {
  return error instanceof SignpostError && (codes.length === 0 || codes.includes(error.code));
}
