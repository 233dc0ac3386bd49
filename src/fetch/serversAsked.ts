import { isSignpostError, SignpostError } from "../errors.js";
import { foreignText } from "./foreignText.js";

/** Somebody who was asked and gave no usable answer. */
export interface FailedServer {
  /** A URL as it was published (a template with `{data}` for CCIP gateways), or "RPC node". */
  readonly who: string;
  /** Why, for people. */
  readonly reason: string;
}

export function failedServer(url: string, reason: string): FailedServer {
  return { who: foreignText(url), reason: foreignText(reason) };
}

/** Why one server failed, without the advice that ends the message of an error. */
export function shortReason(error: SignpostError): string {
  const { reason } = error.details;
  return typeof reason === "string" ? reason : error.message;
}

/** UNREACHABLE, remembering everybody who was asked. */
export function nobodyAnswered(what: string, failed: readonly FailedServer[]): SignpostError {
  const reasons = failed.map(({ who, reason }) => `${who}: ${reason}`).join("; ");
  return new SignpostError(
    "UNREACHABLE",
    `${what} could not be read now (${reasons === "" ? "there is nobody to ask" : reasons}).`,
    { unreachable: failed },
  );
}

/** The servers inside an UNREACHABLE error of the SDK. */
export function failedServersOf(error: SignpostError): readonly FailedServer[] {
  return (isSignpostError(error, "UNREACHABLE") && error.details.unreachable) || [];
}
