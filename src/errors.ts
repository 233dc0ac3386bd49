/**
 * The one error type of Signpost. `code` tells a program what is wrong, `details` say more of it, and `message` is a
 * sentence for a person that says what to do next.
 *
 * Codes that any room may throw stand here. A room with codes of its own declares them in its `errorCodes.ts`, which
 * adds them to `ErrorDetails`: so all codes are known when the code is compiled, and no list holds them all. Each
 * surface (lookups, service API, dm3's API, health, command line) has a closed table of the codes that it shows.
 *
 * Absence is never an error here: a record or a name that does not exist is a value (`null`, or an
 * outcome with `status: "absent"`). An error means that something was wrong or could not be found out.
 */

/** Details that no code promises: what else is known where an error happens; JSON-serialisable, never a secret. */
export type AnyDetails = Readonly<Record<string, unknown>>;

/** The codes of every room, each with its details. */
export interface CommonErrors {
  /** An input breaks its schema. */
  INVALID_REQUEST: AnyDetails;
  /** A name is not in ENSIP-15 normal form, or cannot be one; `normal` is the form to use, where there is one. */
  INVALID_NAME: AnyDetails & { readonly name?: string; readonly normal?: string };
  /** What the request names does not exist. */
  NOT_FOUND: AnyDetails & { readonly name?: string };
  /** The body, the URL or a part of it is over its bound. */
  TOO_LARGE: AnyDetails;
  /** More requests are under way than can be answered in time. */
  OVERLOADED: AnyDetails;
  /** Somebody else's server (a chain's RPC node, a gateway, a profile's host) did not answer. */
  UNREACHABLE: AnyDetails & {
    /** Why, without advice. */
    readonly reason?: string;
    /** Where several were asked: each, and why it gave no answer. */
    readonly unreachable?: readonly { readonly who: string; readonly reason: string }[];
  };
  /** The database did not answer. */
  DATABASE_UNAVAILABLE: AnyDetails;
  /** A setting is missing or wrong. */
  INVALID_CONFIGURATION: AnyDetails;
  /** A defect of ours. */
  INTERNAL: AnyDetails;
}

/** All codes, each with its details; rooms add theirs to it. */
export interface ErrorDetails extends CommonErrors {}

export type ErrorCode = keyof ErrorDetails;

/** What an error with this code tells a program: what the code promises, and perhaps more. */
export type DetailsOf<Code extends ErrorCode> = Readonly<ErrorDetails[Code]> & AnyDetails;

const NAME = "SignpostError";

export class SignpostError<Code extends ErrorCode = ErrorCode> extends Error {
  /** By its name and form: one that comes from another copy of this module is one as well. */
  static override [Symbol.hasInstance](value: unknown): value is SignpostError {
    return (
      value instanceof Error &&
      value.name === NAME &&
      "code" in value &&
      typeof value.code === "string" &&
      "details" in value &&
      typeof value.details === "object" &&
      value.details !== null
    );
  }

  override readonly name = NAME;
  readonly details: DetailsOf<Code>;

  /**
   * @param message a sentence for a person: what is wrong and what to do next; never a secret
   * @param rest the details, needed where the code promises any: for a program, JSON-serialisable, never a
   *   secret; then `{ cause }`
   */
  constructor(
    readonly code: Code,
    message: string,
    ...[details, options]: DetailsAndOptions<Code>
  ) {
    super(message, options);
    this.details = (details ?? {}) as DetailsOf<Code>;
  }
}

type DetailsAndOptions<Code extends ErrorCode> =
  Partial<ErrorDetails[Code]> extends ErrorDetails[Code]
    ? [details?: ErrorDetails[Code], options?: ErrorOptions]
    : [details: ErrorDetails[Code], options?: ErrorOptions];

/** An error with one of these codes; a look at `code` tells which, and so what `details` are. */
export type SignpostErrorOf<Code extends ErrorCode> = {
  [Each in Code]: SignpostError<Each>;
}[Code];

/** Whether `error` is ours and, if codes are given, carries one of them. */
export function isSignpostError<Code extends ErrorCode = ErrorCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is SignpostErrorOf<Code> {
  if (!(error instanceof SignpostError)) return false;
  return codes.length === 0 || (codes as readonly ErrorCode[]).includes(error.code);
}
