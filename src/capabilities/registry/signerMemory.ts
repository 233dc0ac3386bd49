/** Who has signed on this database before, and at which resolvers the present signer is a stranger. */
import type {
  ResolverPlace,
  SignerAtResolver,
  SignerStanding,
  SignerStore,
  Taken,
} from "../../db/signerStore.js";
import { type Address, checksumAddress } from "../../ens/address.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import { within } from "../../fetch/within.js";
import type { GatewaySigner } from "../../gateway/gatewaySigner.js";
import { resolverKey } from "../../gateway/resolverKey.js";
import type { ReadinessReport } from "../../http/readiness.js";

export interface SignerMemoryParts {
  readonly store: SignerStore;
  /** The present one. */
  readonly signer: Pick<GatewaySigner, "address">;
  /** What resolvers were found to say of the present signer; those that did not say are left out. */
  readonly taken: () => readonly Taken[];
  /** Settled when resolvers were asked for the first time: before that nobody is called a stranger, for two seconds at most. */
  readonly firstAsked: Promise<void>;
}

interface PresentSigner {
  /** False while it is a stranger to one of `resolvers`; where these are none, to this database. */
  readonly isKnown: boolean;
  /** Without those that refuse it: of these the chain tells. */
  readonly resolvers: readonly (ResolverPlace & { readonly isKnown: boolean })[];
}

export interface SignerMemory {
  /** A warning while the present signer is a stranger anywhere. Never throws. */
  readonly report: () => Promise<ReadinessReport>;
  /** For metrics; null where the database does not say in time. Never throws. */
  readonly present: () => Promise<PresentSigner | null>;
  /** Notes that this gateway still signs by the present one: an old one is removed only when nobody does. Never throws. */
  readonly noteAgain: () => Promise<void>;
  /** Those of `places` at which it is a stranger. Throws DATABASE_UNAVAILABLE. */
  readonly strangeAt: <P extends ResolverPlace>(
    address: Address,
    places: readonly P[],
  ) => Promise<readonly P[]>;
}

const NOTHING: ReadinessReport = { reasons: [], warnings: [] };
const MOST_NAMED = 3;
/** Probes wait for it. */
const LONGEST_LOOK_MS = 2_000;

export function signerMemory(parts: SignerMemoryParts): SignerMemory {
  const { store, signer, taken } = parts;
  const asked = within(LONGEST_LOOK_MS, parts.firstAsked, () => undefined);
  /** Of whom it is noted that it signs. */
  let noted: Address | null = null;

  /** As the database has it, once that has what is known here. */
  async function standing(address: Address, said: readonly Taken[]): Promise<SignerStanding> {
    const before = await store.standingOf(address);
    if (noted === address && !isNews(before.at, said)) return before;
    await store.note(address, said);
    noted = address;
    return store.standingOf(address);
  }

  async function look(): Promise<PresentSigner & { readonly isNew: boolean }> {
    await asked;
    const said = taken();
    const { isKnown, at } = await standing(signer.address, said);
    const refused = new Set(said.filter(({ isTaken }) => !isTaken).map(keyOf));
    const resolvers = at
      .filter((place) => !refused.has(keyOf(place)))
      .map((place) => ({ ...place, isKnown: place.isKnown === true }));
    // where each one refuses it, the database says whether it is known at all
    const isKnownAtAll =
      resolvers.length === 0 ? isKnown : resolvers.every((place) => place.isKnown);
    return { isKnown: isKnownAtAll, resolvers, isNew: !isKnown };
  }

  async function report(): Promise<ReadinessReport> {
    const { address } = signer;
    const { isKnown, resolvers, isNew } = await look();
    if (isKnown) return NOTHING;
    const strange = resolvers.filter((place) => !place.isKnown);
    if (!isNew || strange.length < resolvers.length) {
      return { reasons: [], warnings: [strangeAtText(address, strange)] };
    }
    const others = (await store.signers()).filter((one) => one.isKnown);
    const known = others.map((one) => one.address);
    return { reasons: [], warnings: [strangerText(address, known)] };
  }

  const present = () =>
    within<PresentSigner | null>(LONGEST_LOOK_MS, look(), () => null).catch(
      // of what keeps it from the tables, the readiness tells
      () => null,
    );

  return {
    report: async () => {
      try {
        return await within(LONGEST_LOOK_MS, report(), () => NOTHING);
      } catch (error) {
        // that the database does not answer is told elsewhere
        if (!isSignpostError(error) || error.code === "DATABASE_UNAVAILABLE") return NOTHING;
        // a right on the table that is missing, say: no reason to answer no lookups
        return { reasons: [], warnings: [error.message] };
      }
    },
    present,
    noteAgain: async () => {
      const { address } = signer;
      if ((await present()) === null) return;
      await store.noteAgain(address).catch(() => undefined);
    },
    strangeAt: async (address, places) => {
      const { at } = await store.standingOf(address);
      const known = new Set(at.filter(({ isKnown }) => isKnown === true).map(keyOf));
      return places.filter((place) => !known.has(keyOf(place)));
    },
  };
}

/** Whether the database lacks a resolver that is served, or what one has said. */
function isNews(at: readonly SignerAtResolver[], said: readonly Taken[]): boolean {
  const saidAt = new Map(said.map((one) => [keyOf(one), one.isTaken]));
  return at.some((place) => {
    return place.isKnown === null || (saidAt.get(keyOf(place)) ?? place.isKnown) !== place.isKnown;
  });
}

function keyOf({ chainId, resolver }: ResolverPlace): string {
  return resolverKey(chainId, resolver);
}

function strangerText(address: Address, known: readonly Address[]): string {
  const named = known.slice(0, MOST_NAMED).map(checksumAddress).join(", ");
  const others = named === "" ? "No signer is known here." : `Signers here were ${named}.`;
  return `${checksumAddress(address)}, by whom this gateway signs, is new to this database, and no resolver is known to take it. ${others} Check GATEWAY_SIGNER_KEY, GATEWAY_SIGNER and SIGNPOST_DIR; if it is meant, run \`signpost signer remember ${checksumAddress(address)}\`.`;
}

function strangeAtText(address: Address, strange: readonly ResolverPlace[]): string {
  const shown = checksumAddress(address);
  return `Nobody knows whether ${placesText(strange)} takes ${shown}, by whom this gateway signs. Run \`signpost signer check ${shown}\`; once each resolver takes it, run \`signpost signer remember ${shown}\`.`;
}

/** Why a switch to it is refused where nobody could look. */
export function uncheckedSigner(
  address: Address,
  unchecked: readonly ResolverPlace[],
): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    `Nobody could look whether ${placesText(unchecked)} takes ${checksumAddress(address)}. Name an RPC node of each chain in CHAIN_RPC_URLS, or wait until it has caught up; or look yourself, run \`signpost signer remember ${checksumAddress(address)}\`, and switch again.`,
  );
}

function placesText(places: readonly ResolverPlace[]): string {
  const named = places
    .slice(0, MOST_NAMED)
    .map(
      ({ chainId, resolver }) =>
        `the resolver ${checksumAddress(resolver)} on chain ${chainId.toString()}`,
    );
  const more = places.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
