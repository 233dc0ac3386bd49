/** Messaging gateways and bridges that are registered here, as anybody may list them. */
import { type Infer, list, nullable, number, object, oneOf, text } from "./shape.js";

const listedNetworkSchema = object({
  /** ENS name of the network record. */
  name: text,
  /** That it is registered under. */
  domain: text,
  /** Whether the users hold their keys, or the bridge does. */
  kind: oneOf("gateway", "bridge"),
  /** The protocol: `xmpp`, `mail`. */
  network: text,
  /** ENS name below which its people have their names. */
  names: text,
  /** Null where the names say whose people they are. */
  nativeDomain: nullable(text),
  virtualDomain: text,
  directions: oneOf("both", "toNetwork", "fromNetwork"),
  codecs: list(text),
  /** ENS names, in the order in which they are to be tried. */
  relayNodes: list(text),
  signedAtSec: number,
});

export const networksPageSchema = object({
  networks: list(listedNetworkSchema),
  /** Goes into `after`. */
  next: nullable(text),
});

export type NetworkAnswer = Infer<typeof listedNetworkSchema>;
