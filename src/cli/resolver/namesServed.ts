/** How many names depend on a resolver, where the command runs beside the installation that serves them. */
import { countServedNames } from "../../db/servedNames.js";
import { parseAddress } from "../../ens/address.js";
import { isSignpostError } from "../../errors.js";
import { withInstallationPool } from "../../installation/installationPool.js";

/** Null where no installation is here, it does not serve the name for this resolver, or cannot be asked. */
export async function namesServed(
  name: string,
  { chainId, resolver }: { readonly chainId: bigint; readonly resolver: string },
): Promise<number | null> {
  const served = { chainId, resolver: parseAddress(resolver) };
  try {
    return await withInstallationPool((pool) => countServedNames(pool, name, served));
  } catch (error) {
    // the admin's machine need not be the gateway's
    if (isSignpostError(error, "INVALID_CONFIGURATION", "DATABASE_UNAVAILABLE")) return null;
    throw error;
  }
}
