/** What is said of a domain that is no mirror: one that was promoted is none any more. */
import { SignpostError } from "../errors.js";
import type { MirrorStore } from "./mirrorStore.js";

/** NOT_FOUND, to be thrown. */
export async function noMirror(
  store: Pick<MirrorStore, "isChangedHere">,
  domain: string,
): Promise<SignpostError> {
  const why = (await store.isChangedHere(domain))
    ? `${domain} is no mirror here, and is changed here. If it was a mirror, it is promoted already, and nothing is left to do.`
    : `${domain} is no mirror here; see \`signpost mirror list\`.`;
  return new SignpostError("NOT_FOUND", why, { name: domain });
}
