/** Whether the domain is still its owner's: resolution does not tell, since ENSv1 serves lost names as before. */
import { readRegistration } from "../../chain/registration.js";
import { readRegistrationInV2 } from "../../chain/registrationInV2.js";
import {
  type RegistrationState,
  registrationState,
  registrationStateInV2,
} from "../../chain/registrationState.js";
import type { Check } from "../check.js";
import { findingOf, resolverOf } from "../facts/namedResolver.js";
import { failed, notApplicable, passed, warning } from "../line.js";
import { nameOf, observation, type Patient } from "../patient.js";

/** Of the name, or one above it, in ENSv2; null where ENSv2 does not decide over it. Throws UNREACHABLE. */
export const stateInV2 = observation(async (patient: Patient) => {
  const { universalResolver } = patient;
  if (universalResolver === null) return null;
  const { namedBy } = await findingOf(patient);
  if (namedBy === "registry") return null;
  const found = await readRegistrationInV2(patient, universalResolver, nameOf(patient));
  return found === null ? null : registrationStateInV2(found);
});

const registration: Check = {
  id: "registration",
  title: "the registration of the name",
  needs: ["resolver-found"],
  async examine(patient) {
    const state = await stateOf(patient);
    if (state === null) {
      return notApplicable(
        "neither below a .eth name that is registered in ENSv1's registrar, nor in ENSv2",
      );
    }
    const { kind, seen, advice } = state;
    if (advice === null) return passed(seen);
    return kind === "lost" ? failed(seen, advice) : warning(seen, advice);
  },
};

/** A name that ENSv2 leaves to ENSv1 ends there. */
async function stateOf(patient: Patient): Promise<RegistrationState | null> {
  const isLeftToV1 = (await resolverOf(patient)).through !== null;
  const inV2 = isLeftToV1 ? null : await stateInV2(patient);
  if (inV2 !== null) return inV2;
  const found = await readRegistration(patient, patient.ensRegistry, nameOf(patient));
  return found === null ? null : registrationState(found);
}

export const REGISTRATION_CHECKS: readonly Check[] = [registration];
