/** Somebody wants to write to a mail user who never wrote here: the user gets a name and keys. The same again changes nothing. */
import type { OptOutStore } from "../../db/messaging/addressMarks.js";
import { SignpostError } from "../../errors.js";
import { formatNativeAddress, parseNativeAddress } from "../../messaging/address/nativeAddress.js";
import type { Introduced } from "../../messaging/bridge/bridgeParts.js";
import type { Coming, Custody } from "../../messaging/bridge/custody.js";
import type { NetworkEvents } from "../../messaging/network.js";

export interface IntroducingParts {
  readonly custody: Pick<Custody, "userFor">;
  readonly optOuts: Pick<OptOutStore, "has">;
  readonly events: () => NetworkEvents;
  readonly mailDomain: string;
}

/** Throws INVALID_REQUEST, NOT_FOUND for who wants no mail, and what `Custody.userFor` throws. */
export type Introduce = (
  address: string,
  comes: Exclude<Coming, { is: "proven" }>,
) => Promise<Introduced>;

export function introducer({ custody, optOuts, events, mailDomain }: IntroducingParts): Introduce {
  return async (text, comes) => {
    const native = parseNativeAddress(text, "mail");
    const address = formatNativeAddress(native);
    if (native.domain === mailDomain) {
      const sentence = `Addresses at ${mailDomain} are those of DM3 users, who have names of their own.`;
      throw new SignpostError("INVALID_REQUEST", sentence, { field: "address" });
    }
    if (await optOuts.has(native)) {
      throw new SignpostError("NOT_FOUND", `${address} wants no mail from here.`, {});
    }
    const { name } = await custody.userFor(native, events(), comes);
    return { address, name };
  };
}
