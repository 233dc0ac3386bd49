import { SignpostError } from "../../errors.js";
import { SERVICE_URL_VARIABLE } from "../variables.js";

/** Where the service is. Throws INVALID_REQUEST when neither the option nor the environment tells. */
export function serviceOf(given: string | undefined): string {
  const url = given ?? process.env[SERVICE_URL_VARIABLE] ?? "";
  if (url !== "") return url;
  throw new SignpostError(
    "INVALID_REQUEST",
    `No service is given. Use --service <url>, or set ${SERVICE_URL_VARIABLE} in the environment.`,
  );
}
