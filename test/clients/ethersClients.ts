/**
 * ethers 6, which asks the UniversalResolver on ENS's chains and walks the registry elsewhere; ethers 5.7 and the
 * reference library of DM3, which stands on it, and which always walk.
 */
import { getUserProfile } from "@dm3-org/dm3-lib-profile";
import { ensNormalize } from "ethers";
import { ensProvider } from "../../src/demo/localChain.js";
import { DM3_PROFILE_KEY, encodeProfileRecord } from "../../src/dm3/profile/profileRecord.js";
import { type EnsOnChain, ethers5Provider } from "../e2e/stockClients.js";
import type { Reach } from "./clientCases.js";
import { type EnsClient, errorCode } from "./ensClient.js";

const ONLY_AFTER_JSON =
  "It asks the next URL only after an answer in JSON: let the proxy in front of a gateway stay up when the gateway is not, " +
  'and answer 502 and 503 with `{"message": "..."}`.';

export function ethers6Client({ chain, ens }: EnsOnChain, way: "registry" | Reach): EnsClient {
  const universalResolver = way === "registry" ? undefined : ens.universalResolver;
  return {
    title: `ethers 6, ${way}`,
    reach: way === "batch" ? "batch" : "direct",
    profileRecord: async (name) => {
      const provider = ensProvider(chain.rpcUrl, chain.chainId, ens.registry, universalResolver);
      try {
        const resolver = await provider.getResolver(name);
        return (await resolver?.getText(DM3_PROFILE_KEY)) || null;
      } finally {
        provider.destroy();
      }
    },
    several: null,
    normalize: ensNormalize,
    errorClass: errorCode,
    whereSilent:
      "What the resolver refuses looks absent; an outage does not. Answers that are refused come from a gateway that is set " +
      "up wrongly, or from somebody else: `signpost doctor <name>` tells, and so does our SDK.",
    whereStuck: null,
  };
}

export function ethers5Client(world: EnsOnChain): EnsClient {
  return {
    title: "ethers 5.7",
    reach: "direct",
    profileRecord: async (name) => {
      const resolver = await ethers5Provider(world).getResolver(name);
      return (await resolver?.getText(DM3_PROFILE_KEY)) ?? null;
    },
    several: null,
    normalize: null,
    errorClass: errorCode,
    whereSilent: "As for ethers 6.",
    whereStuck: ONLY_AFTER_JSON,
  };
}

export function dm3Client(world: EnsOnChain): EnsClient {
  return {
    title: "dm3-lib-profile 1.7.1",
    reach: "direct",
    profileRecord: async (name) => {
      const profile = await getUserProfile(ethers5Provider(world), name);
      return profile ? encodeProfileRecord(profile) : null;
    },
    several: null,
    normalize: null,
    errorClass: errorCode,
    whereSilent:
      "It swallows every error of its provider, so `undefined` means nothing. Ask `provider.getResolver(name)` and " +
      "`getText` yourself before, or use our SDK.",
    whereStuck: ONLY_AFTER_JSON,
  };
}
