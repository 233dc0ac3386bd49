/** Who may change the resolver, and whose answers it accepts. */
import { abiFunction } from "../../abi/abiFunction.js";
import { isZero } from "../../abi/word.js";
import { type Address, checksumAddress } from "../../ens/address.js";
import { hasCode, viewOf } from "../../lookup/contractView.js";
import type { Check } from "../check.js";
import { resolverOf } from "../facts/namedResolver.js";
import { failed, notApplicable, passed, warning } from "../line.js";
import { observation, type Patient } from "../patient.js";

const addressView = (name: string) =>
  abiFunction<[], [Address]>(`function ${name}() view returns (address)`);

const owner = addressView("owner");
const pendingOwner = addressView("pendingOwner");
const signers = abiFunction<[], [Address[]]>("function signers() view returns (address[])");
const maxValiditySec = abiFunction<[], [bigint]>("function maxValiditySec() view returns (uint64)");

/** What only Signpost's OffchainResolver says of itself; null for resolvers of others. */
export const ownResolver = observation(async (patient: Patient) => {
  const { address } = await resolverOf(patient);
  const [longest] = (await viewOf(patient, address, maxValiditySec)) ?? [];
  const [addresses] = (await viewOf(patient, address, signers)) ?? [];
  if (longest === undefined || addresses === undefined) return null;
  return { signers: addresses.map(checksumAddress), maxValiditySec: longest };
});

const ownerCheck: Check = {
  id: "owner",
  title: "the owner",
  needs: ["resolver-code"],
  async examine(patient) {
    const { address } = await resolverOf(patient);
    const [account] = (await viewOf(patient, address, owner)) ?? [];
    if (account === undefined) return notApplicable("the resolver has no owner() (not Ownable)");
    if (isZero(account)) {
      return warning(
        "nobody owns the resolver: its signers and URLs can never be changed",
        "Deploy one with an owner: a stolen signer could not be removed from this one.",
      );
    }
    const kind = (await hasCode(patient, account)) ? "a contract" : "an account with a single key";
    return passed(`${checksumAddress(account)}, ${kind}`);
  },
};

const pendingOwnerCheck: Check = {
  id: "pending-owner",
  title: "a transfer of ownership",
  needs: ["resolver-code"],
  async examine(patient) {
    const { address } = await resolverOf(patient);
    const [account] = (await viewOf(patient, address, pendingOwner)) ?? [];
    if (account === undefined) return notApplicable("ownership is not transferred in two steps");
    return isZero(account)
      ? passed("no transfer of ownership is under way")
      : warning(
          `ownership is offered to ${checksumAddress(account)}, which has not accepted`,
          "Accept it from that account (`signpost resolver ownership accept`), or transfer again.",
        );
  },
};

const signersCheck: Check = {
  id: "signers",
  title: "the gatewaySigners",
  needs: ["resolver-code"],
  async examine(patient) {
    const own = await ownResolver(patient);
    if (own === null) return notApplicable("the resolver does not list its signers");
    const seen = `${own.signers.length}: ${own.signers.join(", ")}`;
    return own.signers.length > 0
      ? passed(seen)
      : failed("the resolver has no signers", "Add one: `signpost resolver signers add`.");
  },
};

export const ADMINISTRATION_CHECKS: readonly Check[] = [
  ownerCheck,
  pendingOwnerCheck,
  signersCheck,
];
