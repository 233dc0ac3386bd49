/** When an old gatewaySigner may be taken away: nobody signs by it any more, and each resolver has one by whom gateways sign now. */
import type { ResolverState } from "../chain/resolverState.js";
import { refused } from "../chain/unsentTransaction.js";
import { SignpostError } from "../errors.js";
import { foreignText } from "../fetch/foreignText.js";
import { spanText } from "./spanText.js";

/** As long as answers may be valid (5 minutes), and longer than it takes gateways to note again by whom they sign. */
const LATELY_MS = 7 * 60_000;

/** A signer as gateways on the database noted it. Addresses are checksummed. */
export interface NotedSigner {
  readonly signer: string;
  /** Since a gateway noted last that it signs by it. */
  readonly agoMs: number;
}

/** What is behind a gateway's URL. */
export interface AnsweringGateway {
  readonly origin: string;
  /** As the resolver has it; the resolver's own address in it is `{resolver}`, which makes it the same for all of them. */
  readonly url: string;
  /** Null where it could not be found out. */
  readonly signer: string | null;
  readonly why: string | null;
}

export interface SigningNow {
  readonly noted: readonly NotedSigner[];
  readonly gateways: readonly AnsweringGateway[];
}

export function isLately({ agoMs }: NotedSigner): boolean {
  return agoMs < LATELY_MS;
}

/**
 * @param holding the resolvers that take `old`
 * @throws TRANSACTION_REFUSED with what is in the way
 */
export function assertReplaced(
  old: string,
  holding: readonly ResolverState[],
  { noted, gateways }: SigningNow,
): void {
  const last = noted.find(({ signer }) => signer === old);
  if (last !== undefined && isLately(last)) {
    throw refused(
      `a gateway on this database signed by ${old} ${spanText(last.agoMs)} ago. Switch every gateway, and run this again ${spanText(LATELY_MS - last.agoMs)} after the last one: until then its answers may be valid.`,
    );
  }
  const still = gateways.find(({ signer }) => signer === old);
  if (still !== undefined) {
    throw refused(
      `${gatewayName(still, gateways)} still answers with the signature of ${old}. Switch that gateway; if it is switched, wait until the cache in front of it has dropped its answers.`,
    );
  }
  const present = noted.filter(isLately).map(({ signer }) => signer);
  if (present.length === 0) {
    throw refused(
      `no gateway on this database has noted in the last ${spanText(LATELY_MS)} by whom it signs, so nobody knows who signs in the place of ${old}. Start the gateways, and run this again.`,
    );
  }
  for (const { address, signers } of holding) {
    const lacking = present.find((signer) => !signers.includes(signer));
    if (lacking === undefined) continue;
    throw refused(
      `the resolver ${address} does not take ${lacking}, by whom a gateway signs now. Run \`signpost signer rotate ${lacking}\` first.`,
    );
  }
}

/** Throws UNREACHABLE where nobody could find out by whom a gateway signs. */
export function assertAllAsked({ gateways }: SigningNow): void {
  const silent = gateways.find(({ signer }) => signer === null);
  if (silent === undefined) return;
  throw new SignpostError(
    "UNREACHABLE",
    `Nothing was sent: by whom ${gatewayName(silent, gateways)} signs could not be found out (${silent.why ?? ""}). Start that gateway, take its URL off the resolver, or add --although-unreachable.`,
  );
}

/** Its origin, and its URL where several are behind that. */
export function gatewayName(
  { origin, url }: AnsweringGateway,
  all: readonly AnsweringGateway[],
): string {
  const isAlone = all.filter((one) => one.origin === origin).length === 1;
  return foreignText(isAlone ? origin : url);
}
