/** Every resolver that is served here, once, with its settings as they are now; or why these could not be found out. */
import type { Taken } from "../../capabilities/registry/commands/signerTaken.js";
import type { Connection } from "../../chain/connection.js";
import { isForeignContract } from "../../chain/foreignContract.js";
import { readResolver, type ResolverState } from "../../chain/resolverState.js";
import { checksumAddress } from "../../ens/address.js";
import { isSignpostError } from "../../errors.js";
import { resolverKey } from "../../gateway/resolverKey.js";
import type { ServedResolver } from "../../registry/domains/domain.js";
import { NO_NODE, type ReachedChain, reasonOf } from "./servedChains.js";
import { whyBehind } from "./whyBehind.js";

/** On its chain. */
interface Place {
  readonly chainId: bigint;
  /** Checksummed. */
  readonly resolver: string;
  /** One of those that it answers for. */
  readonly domain: string;
}

/** One whose settings are known. */
export type KnownResolver = Place & {
  readonly connection: Connection;
  readonly state: ResolverState;
  readonly why: null;
  readonly isForeign: false;
};

export type AskedResolver =
  | KnownResolver
  | (Place & {
      readonly connection: null;
      readonly state: null;
      readonly why: string;
      /** The chain answered: it is none of Signpost's, so whom it takes is not known, however often it is asked. */
      readonly isForeign: boolean;
    });

/** All chains at once, the resolvers of each one after the other. A node that failed once is not waited for again. */
export async function askResolvers(
  served: readonly ServedResolver[],
  chains: ReadonlyMap<bigint, ReachedChain>,
): Promise<readonly AskedResolver[]> {
  const once = new Map(served.map((one) => [resolverKey(one.chainId, one.resolver), one]));
  const asked = await Promise.all(
    chainIdsOf(served).map((chainId) => {
      const here = [...once.values()].filter((one) => one.chainId === chainId);
      return askChain(here.map(placeOf), chains.get(chainId) ?? NO_NODE);
    }),
  );
  return asked.flat();
}

export function chainIdsOf(served: readonly ServedResolver[]): readonly bigint[] {
  return [...new Set(served.map(({ chainId }) => chainId))];
}

async function askChain(places: readonly Place[], chain: ReachedChain) {
  const asked: AskedResolver[] = [];
  let failure = await whyNotAsked(chain);
  for (const place of places) {
    const { connection } = chain;
    if (connection === null || failure !== null) {
      asked.push({ ...place, ...UNKNOWN, why: failure ?? "", isForeign: false });
      continue;
    }
    try {
      asked.push(await askOne(place, connection));
    } catch (error) {
      if (!isSignpostError(error, "UNREACHABLE")) throw error;
      failure = reasonOf(error);
      asked.push({ ...place, ...UNKNOWN, why: failure, isForeign: false });
    }
  }
  return asked;
}

/** Null where it can be asked, and tells what is so now. */
async function whyNotAsked({ connection, why }: ReachedChain): Promise<string | null> {
  if (connection === null) return why;
  try {
    return await whyBehind(connection);
  } catch (error) {
    if (!isSignpostError(error, "UNREACHABLE")) throw error;
    return reasonOf(error);
  }
}

const UNKNOWN = { connection: null, state: null } as const;

/** Throws UNREACHABLE. */
async function askOne(place: Place, connection: Connection): Promise<AskedResolver> {
  const { provider } = connection;
  try {
    const state = await readResolver(provider, place.resolver);
    return { ...place, connection, state, why: null, isForeign: false };
  } catch (error) {
    if (!isSignpostError(error, "INVALID_REQUEST")) throw error;
    // it may be ours all the same: of another version, with a URL that cannot be read, or not seen by the node yet
    const isForeign = await isForeignContract(provider, place.resolver);
    const why = isForeign ? "no resolver of Signpost" : reasonOf(error);
    return { ...place, ...UNKNOWN, why, isForeign };
  }
}

function placeOf({ chainId, resolver, domain }: ServedResolver): Place {
  return { chainId, resolver: checksumAddress(resolver), domain };
}

/** @param signer checksummed */
export function takenBy({ state }: AskedResolver, signer: string): Taken {
  if (state === null) return "could not find out";
  return state.signers.includes(signer) ? "yes" : "no";
}
