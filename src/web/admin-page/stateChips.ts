/** What a name is, in a word each. */
import {
  DM3_DELIVERY_SERVICE_KEY,
  DM3_NETWORK_KEY,
  DM3_PROFILE_KEY,
  type NameAnswer,
} from "../../sdk/index.js";
import { chip } from "./values.js";

/** Held and suspended as words: nobody has to know a colour. */
export function stateChips({ suspension, held, texts }: NameAnswer): readonly HTMLElement[] {
  const has = (key: string) => Object.hasOwn(texts, key);
  return [
    ...(suspension === null ? [] : [chip("bad", "suspended")]),
    has(DM3_PROFILE_KEY) ? chip("good", "profile") : chip("plain", "no profile"),
    ...(held ? [chip("plain", "held by its owner")] : []),
    ...(has(DM3_DELIVERY_SERVICE_KEY) ? [chip("plain", "relay node")] : []),
    ...(has(DM3_NETWORK_KEY) ? [chip("plain", "network")] : []),
  ];
}
