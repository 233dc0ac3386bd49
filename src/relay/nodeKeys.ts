/**
 * The relay node's own keys while they are exchanged: one pair signs postmarks, several may open what senders encrypted, because
 * senders remember the record of a relay node.
 */
import {
  type DeliveryInformation,
  openDeliveryInformation,
} from "../dm3/message/deliveryInformation.js";
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import { isSignpostError } from "../errors.js";

export interface NodeKeys {
  /** Those of the record that ENS shows: they sign postmarks. */
  readonly current: () => MessageKeys;
  /** All that may open delivery information, the current ones first; a handful at most. */
  readonly opening: () => readonly MessageKeys[];
  /**
   * Looks whether another process made some, once a second at most; false where there are none that are new. Throws
   * DATABASE_UNAVAILABLE, and what reading a secret throws.
   */
  readonly lookAgain: () => Promise<boolean>;
}

/**
 * @param sealed `metadata.deliveryInformation` of an envelope
 * @throws NOT_FOR_THIS_KEY when none of the keys opens it, DELIVERY_INFORMATION_MALFORMED, and as `lookAgain`
 */
export async function openByAny(keys: NodeKeys, sealed: string): Promise<DeliveryInformation> {
  const tried = new Set<MessageKeys>();
  for (;;) {
    let failure: unknown;
    for (const one of keys.opening()) {
      if (tried.has(one)) continue;
      tried.add(one);
      try {
        return await openDeliveryInformation(one, sealed);
      } catch (error) {
        if (!isSignpostError(error, "NOT_FOR_THIS_KEY")) throw error;
        failure = error;
      }
    }
    // a pair that was published since this process last looked
    if (!(await keys.lookAgain()) || !keys.opening().some((one) => !tried.has(one))) throw failure;
  }
}

/** Keys that nobody exchanges. */
export function fixedKeys(keys: MessageKeys): NodeKeys {
  return {
    current: () => keys,
    opening: () => [keys],
    lookAgain: () => Promise.resolve(false),
  };
}
