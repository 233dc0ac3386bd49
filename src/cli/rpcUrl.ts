import { SignpostError } from "../errors.js";
import { RPC_URL_VARIABLE } from "./variables.js";

/** Throws INVALID_REQUEST when the environment names no RPC node. */
export function rpcUrlOfEnvironment(): string {
  const url = process.env[RPC_URL_VARIABLE];
  if (url === undefined || url === "") {
    throw new SignpostError(
      "INVALID_REQUEST",
      "No RPC node is given. Use --rpc <url>, or set RPC_URL in the environment.",
    );
  }
  return url;
}
