/** A gateway's answer kept by somebody, and what the resolver makes of it later. */
import { AbiCoder, dnsEncode, Interface, isError, type JsonRpcProvider, namehash } from "ethers";
import { ownArtifact } from "../../src/chain/artifacts.js";
import { DM3_PROFILE_KEY } from "../../src/dm3/profile/profileRecord.js";

const TEXT = new Interface(["function text(bytes32 node, string key) view returns (string)"]);

const RESOLVER = new Interface((await ownArtifact("OffchainResolver")).abi);

export interface HeldAnswer {
  readonly expiresSec: number;
  /** "accepted", or the name of the error that the callback reverts with, in the latest block. */
  verdict(): Promise<string>;
}

/** Asks for the profile of `name` as a client does, at `gatewayUrl` (a POST template), but stops before the callback. */
export async function takeAnswer(
  provider: JsonRpcProvider,
  resolver: string,
  gatewayUrl: string,
  name: string,
): Promise<HeldAnswer> {
  const data = TEXT.encodeFunctionData("text", [namehash(name), DM3_PROFILE_KEY]);
  const resolve = RESOLVER.encodeFunctionData("resolve", [dnsEncode(name, 255), data]);
  const lookup = await revertOf(provider, resolver, resolve);
  if (lookup?.name !== "OffchainLookup") throw new Error(`no lookup, but ${String(lookup?.name)}`);
  const [sender, , request, , extraData] = lookup.args as unknown as string[];
  const answered = await fetch(gatewayUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ data: request, sender }),
  });
  const { data: response } = (await answered.json()) as { data: string };
  const [, expires] = AbiCoder.defaultAbiCoder().decode(["bytes", "uint64", "bytes"], response);
  const callback = RESOLVER.encodeFunctionData("resolveWithProof", [response, extraData]);
  return {
    expiresSec: Number(expires),
    verdict: async () => (await revertOf(provider, resolver, callback))?.name ?? "accepted",
  };
}

/** What a call from `from` reverts with; null when it goes through. */
export async function revertOf(
  provider: JsonRpcProvider,
  to: string,
  data: string,
  from: string | null = null,
) {
  try {
    await provider.call({ to, data, from });
    return null;
  } catch (error) {
    if (!isError(error, "CALL_EXCEPTION") || error.data === null) throw error;
    return RESOLVER.parseError(error.data);
  }
}
