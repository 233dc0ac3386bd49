/** The engine of a browser, or of anything with a browser's globals. */
import { SignpostError } from "../../errors.js";
import type { CryptoEngine } from "./cryptoEngine.js";
import { nobleEngine } from "./nobleEngine.js";
import { webEngine } from "./webEngine.js";
import { workingEngine } from "./workingEngine.js";

/** What we use of the global `crypto`; pages without https have no `subtle`. */
type WebPlatform = Pick<Crypto, "getRandomValues"> & { readonly subtle?: SubtleCrypto };

/**
 * WebCrypto, or JavaScript alone where it lacks the curves or is not there.
 * @param web the global `crypto`
 * @param faster what to try before
 * @throws INVALID_CONFIGURATION where there is none, and so no source of chance
 */
export async function browserEngine(
  web: WebPlatform | undefined,
  ...faster: readonly CryptoEngine[]
): Promise<CryptoEngine> {
  if (typeof web?.getRandomValues !== "function") {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "This runtime has no getRandomValues of WebCrypto. Load one before, such as react-native-get-random-values.",
    );
  }
  const fill = web.getRandomValues.bind(web);
  const entropy = (length: number) => fill(new Uint8Array(length));
  const noble = nobleEngine(entropy);
  return web.subtle === undefined
    ? workingEngine(...faster, noble)
    : workingEngine(...faster, webEngine(web.subtle, entropy), noble);
}
