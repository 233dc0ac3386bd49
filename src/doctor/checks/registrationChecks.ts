/** Whether the domain is still its owner's: resolution does not tell, since ENSv1 serves lost names as before. */
import { readRegistration } from "../../chain/registration.js";
import { registrationState } from "../../chain/registrationState.js";
import type { Check } from "../check.js";
import { failed, notApplicable, passed, warning } from "../line.js";
import { nameOf } from "../patient.js";

const registration: Check = {
  id: "registration",
  title: "the registration of the .eth name",
  needs: ["resolver-found"],
  async examine(patient) {
    const found = await readRegistration(patient, patient.ensRegistry, nameOf(patient));
    if (found === null) {
      return notApplicable("not below a .eth name that is registered in ENSv1's registrar");
    }
    const { kind, seen, advice } = registrationState(found);
    if (advice === null) return passed(seen);
    return kind === "lost" ? failed(seen, advice) : warning(seen, advice);
  },
};

export const REGISTRATION_CHECKS: readonly Check[] = [registration];
