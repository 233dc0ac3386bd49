/**
 * A quick yes for the states that most names have, as `isPlainLine` is for lines: what it says yes to, `stateForm` takes as
 * well. What it does not say yes to, that is asked about.
 */
import { hasKeys, isDigest, isObject } from "../form/plainLine.js";

const BYTES = /^0x(?:[0-9a-f]{2})*$/;
const DECIMAL = /^(?:0|[1-9][0-9]{0,77})$/;
const ADDRESS = /^0x[0-9a-f]{40}$/;

export function isPlainState(given: unknown): boolean {
  if (!isObject(given) || !hasKeys(given, 13)) return false;
  const { name, domain, addresses, texts, abis, data, interfaces, ...others } = given;
  const { contenthash, nameRecord, pubkey, profileFingerprint, held, suspension } = others;
  return (
    typeof name === "string" &&
    typeof domain === "string" &&
    isObject(addresses) &&
    Object.entries(addresses).every(isPlainAddress) &&
    isObject(texts) &&
    Object.entries(texts).every(isPlainText) &&
    [abis, data, interfaces].every((map) => isObject(map) && hasKeys(map, 0)) &&
    (contenthash === null || isBytes(contenthash)) &&
    (nameRecord === null || typeof nameRecord === "string") &&
    pubkey === null &&
    (profileFingerprint === null || isDigest(profileFingerprint)) &&
    typeof held === "boolean" &&
    suspension === null
  );
}

function isPlainAddress([coinType, bytes]: readonly [string, unknown]): boolean {
  if (coinType === "60") return typeof bytes === "string" && ADDRESS.test(bytes);
  return DECIMAL.test(coinType) && isBytes(bytes);
}

/** The schema leaves out a key __proto__. */
function isPlainText([key, text]: readonly [string, unknown]): boolean {
  return key !== "__proto__" && typeof text === "string";
}

function isBytes(given: unknown): boolean {
  return typeof given === "string" && BYTES.test(given);
}
