import { SignpostError } from "../../errors.js";

export function noSuchDomain(domain: string): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    `The domain ${domain} does not exist here. Add it first, or check its spelling.`,
    { domain },
  );
}
