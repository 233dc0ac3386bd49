/** The engine of a browser, or of anything with a browser's globals. */
import { SignpostError } from "../../errors.js";
import type { CryptoEngine, Entropy } from "./cryptoEngine.js";
import { webEngine } from "./webEngine.js";
import { workingEngine } from "./workingEngine.js";

/** What we use of the global `crypto`; pages without https have no `subtle`. */
type WebPlatform = Pick<Crypto, "getRandomValues"> & { readonly subtle?: SubtleCrypto };

/**
 * WebCrypto, or JavaScript alone where it lacks the curves or is not there. The latter is loaded when it is needed: current
 * browsers never do.
 * @param web the global `crypto`
 * @param faster what to try before
 * @throws INVALID_CONFIGURATION where there is none, and so no source of chance; UNREACHABLE where the part of JavaScript
 *   alone does not load
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
  const native = web.subtle === undefined ? [] : [webEngine(web.subtle, entropy)];
  return (await workingEngine([...faster, ...native])) ?? (await javaScriptAlone(entropy));
}

async function javaScriptAlone(entropy: Entropy): Promise<CryptoEngine> {
  const loading = import("./nobleEngine.js").catch((cause: unknown) => {
    throw new SignpostError(
      "UNREACHABLE",
      "This browser lacks X25519 or Ed25519, and the part of the SDK that stands in did not load. Try again, and serve every file that your bundler wrote.",
      { reason: "a part of the SDK did not load" },
      { cause },
    );
  });
  return (await loading).nobleEngine(entropy);
}
