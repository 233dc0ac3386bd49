/** Names of the primary into this installation: verified as an import verifies them, and decided under their locks. */
import { fromHex, type Hex, toHex } from "../abi/hex.js";
import { nodeFrom } from "../ens/namehash.js";
import type { Clock, Pause } from "../registry/changes/clock.js";
import type { ContractWallets } from "../registry/signed/contractWallets.js";
import type { NameStore } from "../registry/store.js";
import { askChains } from "../transfer/arrive/askChains.js";
import { type Arrived, decideArrival } from "../transfer/arrive/decideArrival.js";
import { isRefused, type NameArrival } from "../transfer/verify/nameArrival.js";
import { verifyLines } from "../transfer/verify/verifyLines.js";
import { askNames, type GatheredName } from "./askNames.js";
import type { MirrorProblem, MirrorProgress } from "./mirror.js";
import type { MirrorLease, MirrorStore } from "./mirrorStore.js";
import type { Primary } from "./primary.js";

export interface TakeNamesParts {
  readonly lease: MirrorLease;
  readonly primary: Pick<Primary, "names">;
  readonly store: Pick<MirrorStore, "takeIn" | "hashesAt">;
  readonly names: Pick<NameStore, "nameOf" | "historyEndOf">;
  /** `resolverKey` of those that answer for the domain here. */
  readonly resolvers: () => Promise<ReadonlySet<string>>;
  readonly contractWallets: ContractWallets | null;
  readonly nowMs: Clock;
  readonly pause: Pause;
  /** The mirror is to end, or another process follows. */
  readonly isOver: () => boolean;
}

/** What the primary takes in one question. */
const ASKED_AT_ONCE = 100;

/**
 * In as many transactions as they come in pieces; `progress` is noted with the last one. False where another process follows
 * the domain now. Throws EXPORT_MALFORMED for lines in another form than ours, and what `Primary` throws.
 */
export async function takeNames(
  parts: TakeNamesParts,
  nodes: readonly Hex[],
  progress: MirrorProgress | null,
): Promise<boolean> {
  const { store, lease } = parts;
  let rest = nodes;
  while (rest.length > 0) {
    const gathered = await askNames(parts.primary, rest.slice(0, ASKED_AT_ONCE));
    rest = rest.slice(gathered.length);
    if (!(await takeSome(parts, gathered, rest.length === 0 ? progress : null))) return false;
  }
  if (nodes.length > 0 || progress === null) return true;
  const nothing = { arrivals: [], decide: refuse, problems: [], settled: [] };
  return (await store.takeIn(lease, { ...nothing, progress })) !== null;
}

interface Verified {
  readonly arrival: NameArrival;
  readonly acceptedByChain: ReadonlySet<number>;
}

async function takeSome(
  parts: TakeNamesParts,
  gathered: readonly GatheredName[],
  progress: MirrorProgress | null,
): Promise<boolean> {
  const verified: Verified[] = [];
  const problems: MirrorProblem[] = [];
  const settled: Hex[] = [];
  for (const one of gathered) {
    // a long history takes a while
    await parts.pause();
    if (parts.isOver()) return false;
    const result = await verify(parts, one);
    if (result === null) settled.push(one.node);
    else if ("arrival" in result) verified.push(result);
    else problems.push(result);
  }
  const { store, lease } = parts;
  const take = async (some: readonly Verified[], others: Others, at: MirrorProgress | null) =>
    store.takeIn(lease, {
      ...{ arrivals: some.map(({ arrival }) => arrival), progress: at, ...others },
      decide: await decision(parts, some),
    });
  const arrived = await take(verified, { problems, settled }, progress);
  if (arrived === null) return false;
  // one may have been in the way of another, as a twin that its owner gave up
  const refused = verified.filter((_, index) => arrived[index]?.outcome === "refused");
  if (refused.length === 0 || !arrived.some(({ outcome }) => outcome === "imported")) return true;
  return (await take(refused, { problems: [], settled: [] }, null)) !== null;
}

interface Others {
  readonly problems: readonly MirrorProblem[];
  readonly settled: readonly Hex[];
}

/** Null: it is not there, and not here. */
async function verify(
  parts: TakeNamesParts,
  { node, group }: GatheredName,
): Promise<Verified | MirrorProblem | null> {
  const { lease, names, contractWallets } = parts;
  const refused = (name: string | null, reason: string): MirrorProblem => ({
    ...{ node, name, reason, outcome: "refused" },
  });
  if (group === null) {
    const here = await names.nameOf(nodeFrom(fromHex(node)));
    if (here?.domain !== lease.domain) return null;
    const reason = "the primary does not have it in this domain, and does not say why";
    return { node, name: here.name, reason, outcome: "kept" };
  }
  const context = { domain: lease.domain, nowMs: parts.nowMs() };
  const arrival = await verifyLines(group, context);
  if (isRefused(arrival)) return refused(arrival.name, arrival.reason);
  if (toHex(arrival.node) !== node) {
    return refused(arrival.name, "it is another name than the one that was asked for");
  }
  const numbers = arrival.ofContracts;
  const end = numbers.length === 0 ? null : await names.historyEndOf(arrival.node);
  // what is here was asked about when it came
  const asked = await askChains(
    contractWallets,
    arrival,
    numbers.filter((number) => number > (end?.number ?? 0)),
  );
  if (isRefused(asked)) return refused(arrival.name, asked.reason);
  return { arrival, acceptedByChain: asked.accepted };
}

/** What was reserved, its primary knew when it took the name. */
async function decision(
  { lease: { domain }, store, resolvers, nowMs }: TakeNamesParts,
  verified: readonly Verified[],
) {
  const ends = verified.flatMap(({ arrival: { node, end } }) =>
    end ? [{ node, number: end.number }] : [],
  );
  const [hashes, served] = [await store.hashesAt(ends), await resolvers()];
  const chains = new Map(verified.map((one) => [one.arrival, one.acceptedByChain]));
  return (known: Parameters<typeof decideArrival>[0], arrival: NameArrival): Arrived =>
    decideArrival(
      { ...known, reservation: null },
      {
        ...{ arrival, domain, nowMs: nowMs(), resolvers: served },
        ourHashThere: hashes.get(toHex(arrival.node)) ?? null,
        acceptedByChain: chains.get(arrival) ?? new Set(),
      },
    );
}

function refuse(): Arrived {
  return { outcome: "refused", reason: "nothing was asked for" };
}
