/**
 * A wallet chooses a name through dm3's API. The choice is signed with the signing key of the profile that it shows under
 * its address, and has neither sequence nor time: what it did once, it must never do again.
 */
import { assertTextSignedBy } from "../../dm3/keys/ed25519.js";
import { normalizeName } from "../../ens/normalize.js";
import { SignpostError } from "../../errors.js";
import { changeTogether } from "../changes/changeName.js";
import type { Clock } from "../changes/clock.js";
import { isUsableByDm3 } from "../names/dm3Form.js";
import { walletOfLabel } from "../names/nameOwner.js";
import { profileAction } from "../names/verifiedActions.js";
import type { RegistryStores } from "../store.js";
import { type Dm3Domains, walletOfAddressName } from "./dm3Domains.js";
import { noProfileFor, profileShownBy, unchanged } from "./shownProfile.js";

export interface NameChoice {
  /** As it was signed. */
  readonly dm3Name: string;
  /** The address name of the wallet that it is for. */
  readonly addressName: string;
  /** Base64, of `alias: <dm3Name>`. */
  readonly signature: string;
}

/**
 * @throws NOT_FOUND when the wallet shows no profile, WRONG_SIGNER, UNKNOWN_DOMAIN, INVALID_NAME, VERSION_CONFLICT when
 *   the name is there already or the profile has just changed, and what else refuses a claim
 */
export async function chooseName(
  registry: RegistryStores,
  domains: Dm3Domains,
  { dm3Name, addressName, signature }: NameChoice,
  nowMs: Clock,
): Promise<void> {
  const wallet = walletOfAddressName(addressName.toLowerCase(), domains);
  const shown = wallet && (await profileShownBy(registry.names, domains, wallet));
  if (!shown) throw noProfileFor(addressName);
  assertTextSignedBy(shown.signed.profile.publicSigningKey, `alias: ${dm3Name}`, signature);
  const { name, domain } = chosenName(dm3Name, domains);
  const { signed, authority } = shown;
  const claim = { kind: "claim", owner: wallet } as const;
  const actions = [claim, profileAction(wallet, signed)];
  const expected = { kind: "absent" } as const;
  const change = { domain, name, actions, authority, expected };
  await changeTogether(registry, [unchanged(shown), change], nowMs);
}

/** dm3 compares what lies behind the first label as it was sent; it normalises what it stores. */
function chosenName(dm3Name: string, { names }: Dm3Domains): { name: string; domain: string } {
  const firstDot = dm3Name.indexOf(".");
  if (names === null || firstDot === -1 || dm3Name.slice(firstDot + 1) !== names) {
    throw new SignpostError(
      "UNKNOWN_DOMAIN",
      names === null
        ? "No names can be chosen here; use the wallet's address name."
        : `The name ${dm3Name} cannot be chosen here; choose one directly under ${names}.`,
      { name: dm3Name },
    );
  }
  const name = normalizeName(dm3Name);
  if (walletOfLabel(name)) {
    throw new SignpostError(
      "INVALID_NAME",
      `The name ${name} is an address, and each address already has its name. Choose a word instead.`,
      { name },
    );
  }
  if (!isUsableByDm3(name)) {
    throw new SignpostError(
      "INVALID_NAME",
      `dm3's clients cannot use the name ${name}: they fold names by nameprep (RFC 3491), which refuses it or makes another one of it. Choose another name.`,
      { name },
    );
  }
  return { name, domain: names };
}
