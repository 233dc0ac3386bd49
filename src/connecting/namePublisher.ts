/** Names of the network's users, published at the registry that serves their domain. */
import { checksumAddress } from "../ens/address.js";
import { isSignpostError, SignpostError } from "../errors.js";
import type { NamePublisher } from "../messaging/linking.js";
import { createClient } from "../service-client/createClient.js";

export interface RegistryAccess {
  /** Of its service API. */
  readonly url: string;
  /** Of the domain of the names. */
  readonly apiKey: string;
}

const TIMEOUT_MS = 10_000;

/** Users are told less: the key is none of theirs. */
function forOperator({ code, message }: SignpostError, status: number, url: string): SignpostError {
  const advice =
    status === 401 || status === 403
      ? " Look at the settings of the registry: its URL, its API key, and the domain of the names."
      : "";
  return new SignpostError(code, `${url} did not take a name: ${message}${advice}`);
}

export function namePublisher(
  { url, apiKey }: RegistryAccess,
  reportFailure: (error: unknown) => void,
): NamePublisher {
  const client = createClient({ url, apiKey, timeoutMs: TIMEOUT_MS });

  /** A user is told what is wrong with the user's own name or profile; the operator, what is wrong with key and registry. */
  const told = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!isSignpostError(error)) throw error;
      const { status } = error.details as { readonly status?: number };
      const isUsers = status !== undefined && status >= 400 && ![401, 403, 429].includes(status);
      if (isUsers && status < 500) {
        throw new SignpostError("INVALID_REQUEST", error.message, { field: "profile" });
      }
      if (status !== undefined) reportFailure(forOperator(error, status, url));
      const sentence =
        status === undefined
          ? "The registry of the names cannot be reached now. Try again later."
          : "The registry takes no names from here now. Try again later.";
      throw new SignpostError("UNREACHABLE", sentence, {}, { cause: error });
    }
  };

  return {
    publish: async (name, wallet, signedUserProfile) => {
      const address = checksumAddress(wallet);
      await told(client.profiles.put(name, { address, signedUserProfile }));
    },
    withdraw: async (name) => {
      try {
        await told(client.names.delete(name));
      } catch (error) {
        // its owner holds it
        if (!isSignpostError(error, "INVALID_REQUEST")) throw error;
      }
    },
  };
}
