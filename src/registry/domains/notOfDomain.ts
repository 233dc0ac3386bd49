import { SignpostError } from "../../errors.js";

/** The name, and the domain that does not hold it. */
export function notOfDomain(name: string, domain: string): SignpostError {
  return new SignpostError(
    "FORBIDDEN",
    `The name ${name} does not belong to ${domain}. Use the domain that it belongs to.`,
    { name, domain },
  );
}
