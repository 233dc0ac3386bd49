/** The profile behind a name through wagmi's public client, kept by TanStack Query. */
import { useQuery } from "@tanstack/react-query";
import { type ProfileOutcome, resolveProfile } from "signpost-sdk";
import { usePublicClient } from "wagmi";
import { config, ensChain, ensSettings } from "./config.ts";

export function useProfile(name: string) {
  const client = usePublicClient({ config, chainId: ensChain.id });
  return useQuery({
    queryKey: ["signpost-profile", ensChain.id, name],
    queryFn: ({ signal }) => resolveProfile(name, { ...ensSettings, rpc: client, signal }),
    staleTime: ({ state: { data, dataUpdatedAt } }) => validMs(data, dataUpdatedAt),
    // the SDK has asked every server already; what it throws is wrong input, which stays wrong
    retry: false,
  });
}

/** Found profiles are fresh while their answers are valid. Everything else may be otherwise in a moment. */
function validMs(outcome: ProfileOutcome | undefined, sinceMs: number): number {
  if (outcome?.status !== "found" || outcome.expiresAt === null) return 0;
  return Math.max(0, Date.parse(outcome.expiresAt) - sinceMs);
}
