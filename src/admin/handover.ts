/** Everything that somebody needs who takes a resolver over, in one document. */
import type { InterfaceAbi } from "ethers";
import type { NameFacts } from "../chain/nameFacts.js";
import type { ResolverState } from "../chain/resolverState.js";
import { resolverFields } from "./resolverFields.js";

export interface HandoverFacts {
  readonly chainId: bigint;
  readonly state: ResolverState;
  readonly names: readonly NameFacts[];
  readonly abi: InterfaceAbi;
  /** When the facts were read. */
  readonly at: Date;
}

export function handover({ chainId, state, names, abi, at }: HandoverFacts) {
  const resolver = state.address;
  return {
    format: "signpost-resolver/1",
    exportedAt: at.toISOString(),
    chainId: chainId.toString(),
    resolver,
    codeHash: state.codeHash,
    ...resolverFields(state),
    names: names.map((facts) => ({
      name: facts.name,
      isAttached: facts.resolver === resolver,
      resolver: facts.resolver,
      owner: facts.wrapped === null ? facts.owner : facts.wrapped.owner,
      nameWrapper: facts.wrapped?.nameWrapper ?? null,
      registry: facts.registry,
    })),
    takeOver: takeOverCommands(resolver, chainId, names),
    abi,
  };
}

/** In this order no lookup fails on the way. */
function takeOverCommands(resolver: string, chainId: bigint, names: readonly NameFacts[]) {
  const on = `--resolver ${resolver}`;
  return [
    { who: "the present owner", command: `signpost resolver ownership transfer <new owner> ${on}` },
    { who: "the new owner", command: `signpost resolver ownership accept ${on}` },
    ...names.map(({ name }) => ({
      who: "the operator of the new gateway",
      command: `signpost domain add ${name} --chain ${chainId.toString()} ${on}`,
    })),
    { who: "the new owner", command: `signpost resolver signers add <new gatewaySigner> ${on}` },
    { who: "the new owner", command: `signpost resolver urls set --gateway <new origin> ${on}` },
    // until then clients are under way with answers of the old gateway
    {
      who: "the new owner",
      command: `signpost resolver signers remove <old gatewaySigner> ${on}   # 300 s later at the earliest`,
    },
    ...names.map(({ name }) => ({ who: "anybody", command: `signpost doctor ${name}` })),
  ];
}
