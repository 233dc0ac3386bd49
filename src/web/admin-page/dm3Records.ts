/** What DM3's records of a name say, for people to read. The service verified them when they were written. */

export const PROFILE_KEY = "network.dm3.profile";
const RELAY_NODE_KEY = "network.dm3.deliveryService";
const NETWORK_KEY = "network.dm3.network";

export interface ShownProfile {
  readonly publicEncryptionKey: string;
  readonly publicSigningKey: string;
  readonly relayNodes: readonly string[];
}

type Texts = Readonly<Record<string, string>>;

export const hasProfile = (texts: Texts) => Object.hasOwn(texts, PROFILE_KEY);
export const isRelayNode = (texts: Texts) => Object.hasOwn(texts, RELAY_NODE_KEY);
export const isNetwork = (texts: Texts) => Object.hasOwn(texts, NETWORK_KEY);

/** Null where the record has another form than this page knows: there may be a profile all the same. */
export function profileIn(texts: Texts): ShownProfile | null {
  const { profile } = Object(jsonIn(texts[PROFILE_KEY] ?? "")) as { profile?: unknown };
  const { publicEncryptionKey, publicSigningKey, deliveryServices } = Object(profile) as Record<
    string,
    unknown
  >;
  if (typeof publicEncryptionKey !== "string" || typeof publicSigningKey !== "string") return null;
  if (!Array.isArray(deliveryServices)) return null;
  const relayNodes = deliveryServices.filter((name) => typeof name === "string");
  return { publicEncryptionKey, publicSigningKey, relayNodes };
}

const DATA_URI = /^data:application\/json(;base64)?,(.*)$/s;

/** Undefined for what is no JSON in a data URI. */
function jsonIn(record: string): unknown {
  const [, base64, text = ""] = DATA_URI.exec(record) ?? [];
  try {
    if (base64 === undefined) return JSON.parse(text) as unknown;
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
