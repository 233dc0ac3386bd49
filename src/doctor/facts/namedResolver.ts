/** Which resolver ENS names for the patient, and the one behind it where that only passes calls on. */
import { type Address, checksumAddress } from "../../ens/address.js";
import { type ResolvableName, resolvableName } from "../../ens/resolvableName.js";
import { SignpostError } from "../../errors.js";
import { type AnsweringResolver, answeringResolver } from "../../lookup/answeringResolver.js";
import { EXTENDED_RESOLVER_ID } from "../../lookup/callResolver.js";
import { claimsInterface } from "../../lookup/contractView.js";
import { findResolver } from "../../lookup/findResolver.js";
import { observation, type Patient } from "../patient.js";

/** What ENS names, through the UniversalResolver where there is one. */
export const findingOf = observation((patient: Patient) =>
  findResolver(patient, patient, resolvableName(patient.givenName)),
);

/**
 * The resolver that answers, or the nearest that the registry names, fit to answer or not; null when there is none.
 * Throws UNREACHABLE.
 */
export const namedResolver = observation(async (patient: Patient) =>
  namedFor(patient, resolvableName(patient.givenName), await findingOf(patient)),
);

/** The same for another name. Throws UNREACHABLE. */
export async function namedFor(
  patient: Patient,
  asked: ResolvableName,
  finding?: Awaited<ReturnType<typeof findResolver>>,
): Promise<AnsweringResolver | null> {
  const { resolver, registered } = finding ?? (await findResolver(patient, patient, asked));
  if (resolver === null) return registered == null ? null : { ...registered, through: null };
  return await answeringResolver(patient, asked, { resolver, registered });
}

/** The resolver, for every check that needs `resolver-found`. */
export async function resolverOf(patient: Patient): Promise<AnsweringResolver> {
  const found = await namedResolver(patient);
  if (found === null) throw new SignpostError("INTERNAL", "There is no resolver to look at.");
  return found;
}

/** Whether the resolver speaks ENSIP-10. */
export const isExtended = observation(async (patient: Patient) =>
  claimsInterface(patient, (await resolverOf(patient)).address, EXTENDED_RESOLVER_ID),
);

/** The resolver and, where clients ask it by another one, that. */
export function resolverText({ address, through }: Pick<AnsweringResolver, "address" | "through">) {
  const text = checksumAddress(address);
  return through === null ? text : `${text}, asked through ${checksumAddress(through)}`;
}

/** The one whose address clients see: ENS's UniversalResolver returns it beside the result. */
export function askedResolver({ address, through }: AnsweringResolver): Address {
  return through ?? address;
}
