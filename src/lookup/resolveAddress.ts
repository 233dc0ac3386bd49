import type { Address } from "../ens/address.js";
import { resolvableName } from "../ens/resolvableName.js";
import { findResolver } from "./findResolver.js";
import { readAddress } from "./readRecord.js";
import { type ResolveOptions, resolveSettings, startReading } from "./resolveOptions.js";

/**
 * The Ethereum address of a name, with a profile or without one; null where the name has none.
 * @throws INVALID_NAME, UNREACHABLE, and the error of a check that the answer failed
 */
export async function resolveAddress(
  name: string,
  options: ResolveOptions,
): Promise<Address | null> {
  const asked = resolvableName(name);
  const settings = resolveSettings(options);
  const context = startReading(settings);
  const { resolver } = await findResolver(context, settings, asked);
  return resolver === null ? null : readAddress(context, resolver, asked);
}
