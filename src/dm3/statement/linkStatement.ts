/** What a user says of an address of theirs in another network. Apart from checking it, which apps have no use for. */

export interface LinkClaim {
  /** In normal form: the ENS name under which the profile is. */
  readonly name: string;
  /** The user's in the network, as `parseNativeAddress` gives it: `bob@chat.example`. */
  readonly address: string;
  /** ENS name of the gateway's relay node, in normal form. */
  readonly relayNode: string;
  readonly signedAtSec: number;
}

/** What is signed. */
export function linkStatement({ name, address, relayNode, signedAtSec }: LinkClaim): string {
  return [
    `Messages for me go to ${address}.`,
    `name: ${name}`,
    `relay node: ${relayNode}`,
    `signed at: ${signedAtSec}`,
  ].join("\n");
}
