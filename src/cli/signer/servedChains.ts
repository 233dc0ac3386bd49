/** The chains of the resolvers that are served here, each with its RPC node or the reason why nobody can be asked there. */
import { connect, type Connection } from "../../chain/connection.js";
import { isSignpostError, type SignpostError } from "../../errors.js";
import { failedServersOf, shortReason } from "../../fetch/serversAsked.js";

export type ReachedChain =
  | { readonly connection: Connection; readonly why: null }
  | { readonly connection: null; readonly why: string };

export interface ChainNodes {
  /** CHAIN_RPC_URLS. */
  readonly set: ReadonlyMap<bigint, string>;
  /** Of --rpc: each counts for the chain that it is on. */
  readonly given: readonly string[];
}

/** Connects for the time of `work`. Throws UNREACHABLE where a node of --rpc does not answer. */
export async function withChains<T>(
  chainIds: readonly bigint[],
  { set, given }: ChainNodes,
  work: (chains: ReadonlyMap<bigint, ReachedChain>) => Promise<T>,
): Promise<T> {
  const opened: Connection[] = [];
  const open = async (url: string): Promise<Connection> => {
    const connection = await connect(url);
    opened.push(connection);
    return connection;
  };
  try {
    const chains = new Map<bigint, ReachedChain>();
    for (const url of given) {
      const connection = await open(url);
      chains.set(connection.chainId, { connection, why: null });
    }
    const left = chainIds.filter((chainId) => !chains.has(chainId));
    const reached = await Promise.all(
      left.map((chainId) => reach(chainId, set.get(chainId), open)),
    );
    left.forEach((chainId, at) => chains.set(chainId, reached[at] ?? NO_NODE));
    return await work(chains);
  } finally {
    for (const connection of opened) connection.close();
  }
}

export const NO_NODE: ReachedChain = { connection: null, why: "no RPC node in CHAIN_RPC_URLS" };

async function reach(
  chainId: bigint,
  url: string | undefined,
  open: (url: string) => Promise<Connection>,
): Promise<ReachedChain> {
  if (url === undefined) return NO_NODE;
  try {
    const connection = await open(url);
    if (connection.chainId === chainId) return { connection, why: null };
    const why = `its RPC node is on another chain, ${connection.chainId.toString()}`;
    return { connection: null, why };
  } catch (error) {
    if (!isSignpostError(error, "UNREACHABLE")) throw error;
    return { connection: null, why: reasonOf(error) };
  }
}

/** Without the advice at its end. */
export function reasonOf(error: SignpostError): string {
  return failedServersOf(error)[0]?.reason ?? shortReason(error);
}
