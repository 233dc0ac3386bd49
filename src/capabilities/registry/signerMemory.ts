/** Who has signed on this database before, and whether the present signer is a stranger to it. */
import type { SignerStore } from "../../db/signerStore.js";
import { type Address, checksumAddress } from "../../ens/address.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import { within } from "../../fetch/within.js";
import type { GatewaySigner } from "../../gateway/gatewaySigner.js";
import type { ReadinessReport } from "../../http/readiness.js";

export interface SignerMemoryParts {
  readonly store: SignerStore;
  /** The present one. */
  readonly signer: Pick<GatewaySigner, "address">;
  /** Whether every resolver that is served is known to take what the present signer signs; false where none says so. */
  readonly isTaken: () => boolean;
}

export interface SignerMemory {
  /** A warning while the present signer is a stranger. Never throws. */
  readonly report: () => Promise<ReadinessReport>;
  /** For metrics; null where the database does not say in time. Never throws. */
  readonly isPresentKnown: () => Promise<boolean | null>;
  /** Whether it has signed here before, or the operator confirmed it. Throws DATABASE_UNAVAILABLE. */
  readonly isKnown: (address: Address) => Promise<boolean>;
}

const NOTHING: ReadinessReport = { reasons: [], warnings: [] };
const MOST_NAMED = 3;
/** Probes wait for it. */
const LONGEST_LOOK_MS = 2_000;

export function signerMemory({ store, signer, isTaken }: SignerMemoryParts): SignerMemory {
  /** Of whom it is noted that it signs, and of whom it is settled: the database is not asked again. */
  let noted: Address | null = null;
  let settled: Address | null = null;

  async function isFamiliar(address: Address): Promise<boolean> {
    if (isTaken()) await store.remember(address);
    if (noted === address) return store.isKnown(address);
    const known = await store.note(address);
    noted = address;
    return known;
  }

  async function isSettled(address: Address): Promise<boolean> {
    if (settled === address) return true;
    if (!(await isFamiliar(address))) return false;
    settled = address;
    return true;
  }

  async function look(): Promise<ReadinessReport> {
    const { address } = signer;
    if (await isSettled(address)) return NOTHING;
    const others = (await store.signers()).filter(({ isKnown }) => isKnown);
    return {
      reasons: [],
      warnings: [
        strangerText(
          address,
          others.map((one) => one.address),
        ),
      ],
    };
  }

  return {
    report: async () => {
      try {
        return await within(LONGEST_LOOK_MS, look(), () => NOTHING);
      } catch (error) {
        // that the database does not answer is told elsewhere
        if (!isSignpostError(error) || error.code === "DATABASE_UNAVAILABLE") return NOTHING;
        // a right on the table that is missing, say: no reason to answer no lookups
        return { reasons: [], warnings: [error.message] };
      }
    },
    isPresentKnown: () =>
      within<boolean | null>(LONGEST_LOOK_MS, isSettled(signer.address), () => null).catch(
        // of what keeps it from the table, the readiness tells
        () => null,
      ),
    isKnown: (address) => store.isKnown(address),
  };
}

function strangerText(address: Address, known: readonly Address[]): string {
  const named = known.slice(0, MOST_NAMED).map(checksumAddress).join(", ");
  const others = named === "" ? "No signer is known here." : `Signers here were ${named}.`;
  return `${checksumAddress(address)}, by whom this gateway signs, is new to this database, and no resolver is known to take it. ${others} Check GATEWAY_SIGNER_KEY, GATEWAY_SIGNER and SIGNPOST_DIR; if it is meant, run \`signpost signer remember ${checksumAddress(address)}\`.`;
}

/** Why a switch to it is refused where nobody could look. */
export function uncheckedSigner(address: Address, unchecked: readonly string[]): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    `Nobody could look whether ${unchecked.join(", ")} takes ${checksumAddress(address)}. Name an RPC node of each chain in CHAIN_RPC_URLS; or look yourself, run \`signpost signer remember ${checksumAddress(address)}\`, and switch again.`,
  );
}
