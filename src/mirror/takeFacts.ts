/** The domain's policy, owner and reservations, as the primary has them. Names have their own way (`takeNames`). */
import { fromHex, toHex } from "../abi/hex.js";
import { addressFrom } from "../ens/address.js";
import { isWithin } from "../ens/hierarchy.js";
import { assertNormalName } from "../ens/normalName.js";
import { isSignpostError, SignpostError } from "../errors.js";
import type { Reservation } from "../registry/domains/reservation.js";
import type { DomainStore } from "../registry/store.js";
import { type DomainLines, domainLinesOf } from "../transfer/domain/domainLines.js";
import { isBehind } from "../transfer/form/nameOrder.js";
import { readLine } from "../transfer/form/readLine.js";
import type { Mirror } from "./mirror.js";
import type { MirrorLease, MirrorStore } from "./mirrorStore.js";
import { notFollowed } from "./notFollowed.js";
import type { Primary } from "./primary.js";

/** A page of ours has a thousand reservations. */
const MOST_PAGES = 2_000;

export interface TakeFactsParts {
  readonly lease: MirrorLease;
  readonly primary: Pick<Primary, "domain" | "reservations">;
  readonly store: Pick<MirrorStore, "noteFacts" | "replaceReservations">;
  readonly domains: Pick<DomainStore, "resolversOf" | "aliases">;
}

/** False where another process follows the domain now. Throws EXPORT_MALFORMED, and what `Primary` throws. */
export async function takeFacts(
  parts: TakeFactsParts,
  { facts: known }: Pick<Mirror, "facts">,
): Promise<boolean> {
  const { lease, primary, store } = parts;
  const { lines, reservations } = await primary.domain();
  const told = readDomain(lease.domain, lines);
  if (reservations !== known.reservations && !(await takeReservations(parts))) return false;
  const notes = await whatDiffers(parts, told);
  const { owner, policy } = told.domain;
  return store.noteFacts(
    lease,
    { reservations, notes },
    { owner: owner === null ? null : addressFrom(fromHex(owner)), policy },
  );
}

/** What the primary says of a domain beside its names and reservations. Throws EXPORT_MALFORMED. */
export function readDomain(domain: string, lines: readonly string[]): DomainLines {
  return domainLinesOf(
    domain,
    lines.map((text, index) => ({ line: readLine(text, index + 1), number: index + 1 })),
  );
}

/** A resolver decides whose signatures count, and an alias takes a name in ENS: an admin says those here. */
async function whatDiffers(
  { domains, lease: { domain } }: TakeFactsParts,
  { resolvers, aliases, source }: DomainLines,
): Promise<readonly string[]> {
  const served = (await domains.resolversOf(domain)).map(
    (one) => `${one.chainId} ${toHex(one.resolver)}`,
  );
  const aliased = (await domains.aliases()).filter((one) => one.domain === domain);
  const isAliased = (alias: string) => aliased.some((one) => one.alias === alias);
  return [
    ...resolvers
      .filter(({ chainId, address }) => !served.includes(`${chainId} ${address}`))
      .map(
        ({ chainId, address }) =>
          `the resolver ${address} on chain ${chainId} answers for it at the primary; \`signpost domain connect\` connects it here`,
      ),
    ...aliases
      .filter(({ alias }) => !isAliased(alias))
      .map(({ alias }) => `${alias} is an alias of it at the primary, and not here`),
    ...(source === null
      ? []
      : [
          "the primary answers from a data source as well, which is not copied: connect it here by `signpost source add`",
        ]),
  ];
}

async function takeReservations({ lease, primary, store }: TakeFactsParts): Promise<boolean> {
  let after = "";
  let pages = 0;
  for (;;) {
    const page = await primary.reservations(after);
    const lines = page.lines.map((text, index) => readReservation(text, index + 1, lease.domain));
    const upTo = page.next;
    if (upTo !== null && (!isBehind(upTo, after) || lines.length === 0)) throw standsStill();
    if (++pages > MOST_PAGES) throw tooManyReservations();
    const some = lines.filter(
      ({ name }) =>
        isBehind(name, after) && (upTo === null || !isBehind(name, upTo)) && isUsable(name),
    );
    if (!(await store.replaceReservations(lease, { after, upTo }, some))) return false;
    if (upTo === null) return true;
    after = upTo;
  }
}

function readReservation(text: string, number: number, domain: string): Reservation {
  const line = readLine(text, number);
  if (line.kind !== "reservation" || !isWithin(line.name, domain)) {
    throw new SignpostError(
      "EXPORT_MALFORMED",
      `Line ${number} of the primary's reservations is none of ${domain}.`,
      { line: number },
    );
  }
  const { name, wallet, untilMs } = line;
  return {
    ...{ domain, untilMs },
    name: name as Reservation["name"],
    wallet: wallet === null ? null : addressFrom(fromHex(wallet)),
  };
}

function isUsable(name: string): boolean {
  try {
    assertNormalName(name);
    return true;
  } catch (error) {
    if (isSignpostError(error, "INVALID_NAME", "INVALID_REQUEST")) return false;
    throw error;
  }
}

function standsStill(): SignpostError {
  return notFollowed("its pages of reservations lead to themselves");
}

function tooManyReservations(): SignpostError {
  return notFollowed(`it has more than ${MOST_PAGES} pages of reservations`);
}
