/** The SDK of this project; and no client at all: the HTTP exchange, as one makes it with curl. */
import { getAddress, namehash } from "ethers";
import { DM3_PROFILE_KEY, encodeProfileRecord } from "../../src/dm3/profile/profileRecord.js";
import { resolveProfile } from "../../src/sdk/node.js";
import {
  decodeResult,
  rawDnsName,
  rawResolveRequest,
  recordCall,
  verifyAnswer,
} from "../gateway/ensRequest.js";
import { ABSENT_KEY, domainOf, GATEWAY_STATES, type Reach } from "./clientCases.js";
import type { ClientWorld, DeployedResolver } from "./clientWorld.js";
import { type EnsClient, errorCode } from "./ensClient.js";

export function sdkClient(
  { chain, ens }: Pick<ClientWorld, "chain" | "ens">,
  reach: Reach,
): EnsClient {
  return {
    title: `our SDK, ${reach}`,
    reach,
    profileRecord: async (name) => {
      const outcome = await resolveProfile(name, {
        rpc: chain.rpcUrl,
        ensRegistry: ens.registry,
        universalResolver: ens.universalResolver,
        allowLoopback: true,
      });
      switch (outcome.status) {
        case "found":
          return encodeProfileRecord({ profile: outcome.profile, signature: outcome.signature });
        case "absent":
          return null;
        case "unreachable":
          throw new Error(outcome.status);
        case "untrusted":
          throw new Error(`${outcome.status}, ${outcome.check}`);
      }
    },
    several: null,
    normalize: null,
    errorClass: (error) => (error instanceof Error ? error.message : String(error)),
    whereSilent: null,
    whereStuck: null,
  };
}

/** POSTs to each URL in turn, and looks into the answer for the time and the signer. */
export function handClient(world: ClientWorld): EnsClient {
  const ask = async (name: string, call: string): Promise<string> => {
    const resolver = resolverHolding(world, name);
    // as the name is given: by hand, nothing is normalized
    const request = rawResolveRequest(rawDnsName(...name.split(".")), call);
    const data = await askInTurn(resolver, request);
    const answer = verifyAnswer(data, { target: resolver.address, request });
    if (Number(answer.expiresSec) * 1000 < Date.now()) throw new Error("200, expired");
    if (answer.signer !== resolver.trustedSigner) throw new Error("200, unknown signer");
    return answer.result;
  };
  const text = (name: string, key: string) => recordCall(name, "text", key);
  return {
    title: "curl, by hand",
    reach: "direct",
    profileRecord: async (name) =>
      String(decodeResult("text", await ask(name, text(name, DM3_PROFILE_KEY)))) || null,
    several: async (name) => {
      const calls = [
        text(name, DM3_PROFILE_KEY),
        text(name, ABSENT_KEY),
        recordCall(name, "addr(bytes32)"),
      ];
      const result = await ask(name, recordCall(name, "multicall", calls));
      const [profile, absent, address] = decodeResult("multicall", result) as string[];
      return {
        profileRecord: String(decodeResult("text", profile!)) || null,
        absentRecord: String(decodeResult("text", absent!)) || null,
        address: getAddress(String(decodeResult("addr(bytes32)", address!))),
      };
    },
    normalize: null,
    errorClass: (error) => {
      const { cause } = error as { cause?: unknown };
      return cause === undefined && error instanceof Error ? error.message : errorCode(cause);
    },
    whereSilent: null,
    whereStuck: null,
  };
}

/** ERC-3668: 4xx is the last word; after anything else that is no answer, the next URL is asked. */
async function askInTurn({ address, postUrls }: DeployedResolver, request: string) {
  let failure = new Error("no URL");
  for (const url of postUrls) {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ data: request, sender: address }),
      });
      if (response.ok) return ((await response.json()) as { data: string }).data;
      failure = new Error(String(response.status));
      if (response.status < 500) break;
    } catch (error) {
      failure = error as Error;
    }
  }
  throw failure;
}

function resolverHolding(world: ClientWorld, name: string): DeployedResolver {
  const gateway = GATEWAY_STATES.find((state) => name.endsWith(`.${domainOf(state, "direct")}`));
  if (gateway === undefined) throw new Error(`No resolver holds ${name} (${namehash(name)}).`);
  return world.resolverOf(gateway, "direct");
}
