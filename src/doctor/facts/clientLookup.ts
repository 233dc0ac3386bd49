/** How the doctor looks names up as a client does: by the SDK, through the gateway that works. */
import { checksumAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import type { Fetcher } from "../../fetch/fetcher.js";
import type { ResolveOptions } from "../../lookup/resolveOptions.js";
import type { Patient } from "../patient.js";
import { workingUrl } from "./acceptance.js";
import { gatewayUrlsOf } from "./lookup.js";

export async function clientLookup(patient: Patient): Promise<ResolveOptions> {
  const { universalResolver } = patient;
  return {
    rpc: patient.provider,
    ensRegistry: checksumAddress(patient.ensRegistry),
    universalResolver: universalResolver === null ? null : checksumAddress(universalResolver),
    ipfsGateways: patient.ipfsGateways,
    fetcher: await fetcherOfWorkingGateway(patient),
    timeoutMs: patient.deadline.remainingMs,
  };
}

/** Leaves out the resolver's other gateways: whatever is wrong with them has a line of its own already. */
async function fetcherOfWorkingGateway(patient: Patient): Promise<Fetcher> {
  const working = await workingUrl(patient);
  const others = (await gatewayUrlsOf(patient)).filter((url) => url !== working).map(expansionOf);
  return async (request) => {
    const leftOut =
      !(working !== null && expansionOf(working).test(request.url)) &&
      others.some((other) => other.test(request.url));
    if (leftOut) {
      throw new SignpostError("UNREACHABLE", "This gateway has lines of its own; look at those.");
    }
    return await patient.fetcher(request);
  };
}

/** Whatever the template may expand to. */
function expansionOf(template: string): RegExp {
  const literal = template.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(
    `^${literal.replaceAll("\\{sender\\}", "0x[0-9a-f]{40}").replaceAll("\\{data\\}", "0x[0-9a-f]*")}$`,
  );
}
