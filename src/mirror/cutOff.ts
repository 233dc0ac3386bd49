/** What a promotion throws from when its primary may be frozen: nobody changes the domain then, and a person has to go on. */
import { isSignpostError, SignpostError } from "../errors.js";
import type { Mirror } from "./mirror.js";

interface Promoted {
  readonly mirror: Pick<Mirror, "domain" | "primary">;
  readonly to: string;
}

/** Throws PROMOTION_CUT_OFF in place of what `work` throws, unless the primary is not frozen ("no"). */
export async function cutOff<T>(
  isFrozenThere: "yes" | "maybe" | "no",
  { mirror: { domain, primary }, to }: Promoted,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isFrozenThere === "no" || !isSignpostError(error)) throw error;
    const frozen = isFrozenThere === "yes" ? "is frozen" : "may be frozen";
    const isGone = isSignpostError(error, "UNREACHABLE")
      ? " Where the old primary is gone for good, and cannot come back and be changed, give --primary-is-gone in place of --to: what it had and this mirror has not is lost then."
      : "";
    throw new SignpostError(
      "PROMOTION_CUT_OFF",
      `${domain} ${frozen} at its old primary ${primary.url}, and is still frozen here, so nobody changes it. ${error.message} To go on, run \`signpost mirror promote ${domain} --to ${to}\` again. To go back, run \`signpost domain unfreeze ${domain}\` at the old primary.${isGone}`,
      { domain, primary: primary.url, to, isFrozenThere, because: error.code },
      { cause: error },
    );
  }
}
