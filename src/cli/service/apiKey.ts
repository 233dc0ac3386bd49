import { SignpostError } from "../../errors.js";
import { API_KEY_VARIABLE } from "../variables.js";

/** Of the environment. Throws INVALID_REQUEST. */
export function apiKeyHere(scope: "names:write" | "profiles:write"): string {
  const apiKey = process.env[API_KEY_VARIABLE];
  if (apiKey !== undefined && apiKey !== "") return apiKey;
  throw new SignpostError(
    "INVALID_REQUEST",
    `Set ${API_KEY_VARIABLE} to an API key of the domain with the scope ${scope}, or add --for-wallet to see what the owner of the name has to sign.`,
  );
}
