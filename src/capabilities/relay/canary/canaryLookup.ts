/** How the canary reads ENS: as the relay node does. */
import type { ResolveOptions } from "../../../lookup/resolveOptions.js";

export type CanaryLookup = Pick<
  ResolveOptions,
  "rpc" | "ensRegistry" | "universalResolver" | "allowLoopback"
>;
