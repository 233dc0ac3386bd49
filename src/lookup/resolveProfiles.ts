import { type ResolvableName, resolvableName } from "../ens/resolvableName.js";
import { unlessAborted } from "../fetch/unlessAborted.js";
import type { ProfileOutcome } from "./outcome.js";
import { type ResolveOptions, resolveSettings } from "./resolveOptions.js";
import { profileOutcome } from "./resolveProfile.js";

/** Names that are looked up at a time: each asks node and gateways several things at once. */
const AT_ONCE = 16;

/**
 * `resolveProfile` for several names, each once, with the outcomes in the order of the names. `timeoutMs` is for each
 * name, from when its lookup begins.
 *
 * Throws INVALID_NAME when one has no ENSIP-15 normal form, before anybody is asked; otherwise as `resolveProfile`.
 */
export async function resolveProfiles(
  names: readonly string[],
  options: ResolveOptions,
): Promise<readonly ProfileOutcome[]> {
  const settings = resolveSettings(options);
  const asked = names.map(resolvableName);
  const once = new Map(asked.map((name) => [name.name, name]));
  const outcomes = new Map<string, ProfileOutcome>();
  const waiting = [...once.values()];
  const work = async (): Promise<void> => {
    for (let next: ResolvableName | undefined; (next = waiting.shift()) !== undefined;) {
      if (settings.signal?.aborted) return;
      outcomes.set(next.name, await profileOutcome(next, settings));
    }
  };
  const workers = Array.from({ length: Math.min(AT_ONCE, waiting.length) }, work);
  await unlessAborted(settings.signal, Promise.all(workers));
  return asked.map(({ name }) => outcomes.get(name) as ProfileOutcome);
}
