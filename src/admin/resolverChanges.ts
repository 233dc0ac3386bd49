/** Every change that a resolver's owner can make, as a plan: from the state that is to the one that is wanted. */
import { ZeroAddress } from "ethers";
import { RESOLVER_PLACEHOLDER } from "../chain/deployResolver.js";
import { RESOLVER_ABI, type ResolverState } from "../chain/resolverState.js";
import { refused, unsentTransaction } from "../chain/unsentTransaction.js";
import { type Plan, unchanged } from "./change.js";
import { pick, type ResolverField, resolverFields } from "./resolverFields.js";

interface Wanted {
  readonly title: string;
  readonly method: string;
  readonly values: readonly unknown[];
  readonly after: Partial<Readonly<Record<ResolverField, readonly string[]>>>;
  readonly notes?: readonly string[];
  /** The owner, unless given. */
  readonly sender?: string;
}

export function addSigner(state: ResolverState, signer: string): Plan {
  if (state.signers.includes(signer)) return unchanged(`${signer} is a gatewaySigner already.`);
  return change(state, {
    title: `Add a gatewaySigner to ${state.address}`,
    method: "addSigner",
    values: [signer],
    after: { signers: [...state.signers, signer] },
    notes: ["Whoever holds its key can answer for every name of this resolver."],
  });
}

/** @throws TRANSACTION_REFUSED for the only gatewaySigner */
export function removeSigner(state: ResolverState, signer: string): Plan {
  if (!state.signers.includes(signer)) {
    return unchanged(`${signer} is not a gatewaySigner of this resolver.`);
  }
  if (state.signers.length === 1) {
    throw refused(
      `${signer} is the only gatewaySigner. Add its successor first, switch the gateways, then remove it.`,
    );
  }
  return change(state, {
    title: `Remove a gatewaySigner from ${state.address}`,
    method: "removeSigner",
    values: [signer],
    after: { signers: state.signers.filter((known) => known !== signer) },
    notes: [
      "Its answers stop counting at once, those in caches as well: switch every gateway to another signer first.",
    ],
  });
}

/** @param urls in order of preference; `{resolver}` stands for the resolver's address */
export function setUrls(state: ResolverState, urls: readonly string[]): Plan {
  const after = urls.map((url) => expanded(url, state.address));
  if (same(after, state.urls)) return unchanged("The resolver has exactly these URLs already.");
  return change(state, {
    title: `Replace the gateway URLs of ${state.address}`,
    method: "setUrls",
    values: [urls],
    after: { urls: after },
    notes: [
      "Keep the gateways behind the old URLs running for some minutes: lookups are under way.",
    ],
  });
}

/** @param maxValiditySec in seconds */
export function setMaxValidity(state: ResolverState, maxValiditySec: bigint): Plan {
  const text = maxValiditySec.toString();
  if (state.maxValiditySec === maxValiditySec) {
    return unchanged(`The longest validity is ${text} seconds already.`);
  }
  const lower = maxValiditySec < state.maxValiditySec;
  return change(state, {
    title: `Change the longest validity that ${state.address} accepts`,
    method: "setMaxValidity",
    values: [maxValiditySec],
    after: { maxValiditySec: [text] },
    notes: lower
      ? [
          `Answers that are valid for longer are refused at once: no gateway may sign for ${text} seconds or more.`,
        ]
      : [],
  });
}

/** @param urls base URLs of the service API; none withdraws them */
export function setMetadataUrls(state: ResolverState, urls: readonly string[]): Plan {
  const after = urls.map((url) => expanded(url, state.address));
  if (same(after, state.metadataUrls)) {
    return unchanged("The resolver has exactly these metadata URLs already.");
  }
  return change(state, {
    title: `Replace the metadata URLs of ${state.address}`,
    method: "setMetadataUrls",
    values: [urls],
    after: { metadataUrls: after },
  });
}

/** @param url where writers are sent; null sends them nowhere */
export function setOperationUrl(state: ResolverState, url: string | null): Plan {
  const after = url === null ? null : expanded(url, state.address);
  if (after === state.operationUrl) return unchanged("Writers are sent there already.");
  return change(state, {
    title: `Change where ${state.address} sends writers`,
    method: "setOperationUrl",
    values: [url ?? ""],
    after: { operationUrl: after === null ? [] : [after] },
  });
}

/**
 * An offer to the present owner withdraws the one that is under way.
 * @throws TRANSACTION_REFUSED for the zero address
 */
export function transferOwnership(state: ResolverState, newOwner: string): Plan {
  if (state.owner === newOwner) return withdrawOffer(state);
  if (newOwner === ZeroAddress) {
    throw refused(
      "the zero address cannot own a resolver. To withdraw an offer, transfer to the present owner.",
    );
  }
  if (state.pendingOwner === newOwner) {
    return unchanged(`${newOwner} has been offered the ownership already, and can accept it.`);
  }
  return change(state, {
    title: `Offer the ownership of ${state.address}`,
    method: "transferOwnership",
    values: [newOwner],
    after: { pendingOwner: [newOwner] },
    notes: [
      "The owner stays the owner until the new one accepts (signpost resolver ownership accept).",
      "An owner controls every name of the resolver: by its signers and by its URLs.",
    ],
  });
}

function withdrawOffer(state: ResolverState): Plan {
  if (state.pendingOwner === null) return unchanged(`${state.owner} is the owner already.`);
  return change(state, {
    title: `Withdraw the offer of the ownership of ${state.address}`,
    method: "transferOwnership",
    values: [ZeroAddress],
    after: { pendingOwner: [] },
    notes: [`${state.owner} stays the owner, and nobody else can accept any more.`],
  });
}

/**
 * @param account who accepts
 * @throws TRANSACTION_REFUSED when nobody has been offered the ownership
 */
export function acceptOwnership(state: ResolverState, account: string | null): Plan {
  if (account !== null && account === state.owner)
    return unchanged(`${account} is the owner already.`);
  if (state.pendingOwner === null) {
    throw refused(
      `nobody has been offered the ownership. The owner, ${state.owner}, has to transfer it first.`,
    );
  }
  return change(state, {
    title: `Accept the ownership of ${state.address}`,
    method: "acceptOwnership",
    values: [],
    sender: state.pendingOwner,
    after: { owner: [state.pendingOwner], pendingOwner: [] },
    notes: [`${state.owner} loses every right to the resolver.`],
  });
}

function change(state: ResolverState, wanted: Wanted): Plan {
  return {
    kind: "change",
    change: {
      title: wanted.title,
      transaction: unsentTransaction(RESOLVER_ABI, state.address, wanted.method, wanted.values),
      sender: wanted.sender ?? state.owner,
      before: pick(resolverFields(state), Object.keys(wanted.after)),
      after: wanted.after,
      notes: wanted.notes ?? [],
    },
  };
}

/** As the contract stores it (contracts/ResolverPlaceholder.sol). */
function expanded(url: string, resolver: string): string {
  return url.replace(RESOLVER_PLACEHOLDER, resolver.toLowerCase());
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((url, index) => url === b[index]);
}
