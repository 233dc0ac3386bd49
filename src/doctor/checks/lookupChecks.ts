/** The resolver's request to ask a gateway (ERC-3668), and the list of gateways in it. */
import { sameBytes } from "../../abi/bytes.js";
import { boundChainId } from "../../ccip/chainBinding.js";
import { checksumAddress } from "../../ens/address.js";
import { isSignpostError } from "../../errors.js";
import { MOST_URLS } from "../../lookup/gatewayQuery.js";
import type { Check } from "../check.js";
import { addressLookup, addressQuestion, type Lookup } from "../facts/lookup.js";
import { resolverOf } from "../facts/namedResolver.js";
import { failed, type Finding, notApplicable, passed, warning } from "../line.js";
import type { Patient } from "../patient.js";
import { ownResolver } from "./administrationChecks.js";
import { chainIdOf } from "./chainChecks.js";

const ON_CHAIN = "the resolver answers on-chain and asks no gateway";

const lookupForm: Check = {
  id: "lookup-form",
  title: "the OffchainLookup",
  needs: ["wildcard"],
  async examine(patient) {
    const question = await addressQuestion(patient);
    switch (question.kind) {
      case "onChain":
        return notApplicable(ON_CHAIN);
      case "reverted":
        return failed(
          `the resolver refuses addr(node): ${question.reason}`,
          "It has to return an address or revert OffchainLookup (0x556f1830). Correct the contract.",
        );
      case "malformed":
        return failed(
          `the resolver's OffchainLookup cannot be read. ${question.reason}`,
          "Encode its arguments as ERC-3668 has them: (address, string[], bytes, bytes4, bytes).",
        );
      case "lookup":
        return question.lookup.urls.length > 0
          ? passed(`asks gateways (ERC-3668), ${question.lookup.urls.length} URLs`)
          : failed(
              "the OffchainLookup lists no gateway URL",
              "Set one: `signpost resolver urls set`.",
            );
    }
  },
};

/** A check of the lookup; it has nothing to say about resolvers that answer on-chain. */
function checkOfLookup(
  heading: Pick<Check, "id" | "title">,
  examine: (patient: Patient, lookup: Lookup) => Promise<Finding>,
): Check {
  return {
    ...heading,
    needs: ["lookup-form"],
    async examine(patient) {
      const lookup = await addressLookup(patient);
      return lookup === null ? notApplicable(ON_CHAIN) : await examine(patient, lookup);
    },
  };
}

const lookupSender = checkOfLookup(
  { id: "lookup-sender", title: "the sender of the lookup" },
  async (patient, { sender }) => {
    const { address } = await resolverOf(patient);
    return sameBytes(sender, address)
      ? passed("the lookup is the resolver's own")
      : failed(
          `the lookup names ${checksumAddress(sender)} as its sender, not the resolver`,
          "Clients refuse it (ERC-3668). Revert with `address(this)`; wrap the lookups of other contracts.",
        );
  },
);

const requestChain = checkOfLookup(
  { id: "request-chain", title: "the chain that requests are bound to" },
  async (patient, { callData }) => {
    const chainId = await chainIdOf(patient);
    const bound = chainBoundTo(callData);
    if (bound === chainId) return passed(`requests name chain ${chainId.toString()}`);
    if (bound !== null) {
      return failed(
        `requests name chain ${bound.toString()}, but the resolver is on ${chainId.toString()}`,
        "Answers would verify on the other chain. Correct the contract.",
      );
    }
    const seen =
      "requests name no chain, so answers verify on every chain with this resolver address and signer";
    return (await ownResolver(patient)) === null
      ? notApplicable(`${seen} (as with most resolvers: use no signer on two chains)`)
      : warning(
          seen,
          "Deploy the current OffchainResolver, which appends its chain id to requests.",
        );
  },
);

function chainBoundTo(callData: Uint8Array): bigint | null {
  try {
    return boundChainId(callData);
  } catch (error) {
    // a request in a form of the resolver's own is bound to nothing that we can read
    if (isSignpostError(error, "INVALID_CALL_DATA")) return null;
    throw error;
  }
}

const urlOrder = checkOfLookup(
  { id: "url-order", title: "the order of the URLs" },
  (_patient, { urls }) => {
    const isGet = (url: string) => url.includes("{data}");
    const firstPost = urls.findIndex((url) => !isGet(url));
    const advice = "Publish a POST template (without {data}) first, a GET template second.";
    const finding =
      urls.length > MOST_URLS
        ? warning(
            `${urls.length} URLs; clients may try no more than ${MOST_URLS}`,
            "Publish two or three.",
          )
        : firstPost === -1
          ? warning("all URLs are GET templates: long requests do not fit into a URL", advice)
          : firstPost > 0
            ? warning("a GET template comes before the first POST template", advice)
            : passed("POST comes first, so that long requests fit");
    return Promise.resolve(finding);
  },
);

export const LOOKUP_CHECKS: readonly Check[] = [lookupForm, lookupSender, requestChain, urlOrder];
