import type { Finding } from "./line.js";
import type { Patient } from "./patient.js";

interface CheckHeading {
  readonly id: string;
  /** What it is about, for whoever waits: "checking ...". */
  readonly title: string;
  /** Ids of the checks whose failure leaves nothing to look at here. */
  readonly needs: readonly string[];
}

/** A check of the name, its resolver or its records. It throws UNREACHABLE when the RPC node does not answer. */
export interface Check extends CheckHeading {
  examine(patient: Patient): Promise<Finding>;
}

/** A check of one gateway URL, made for each that the resolver publishes. */
export interface GatewayCheck extends CheckHeading {
  examine(patient: Patient, url: string): Promise<Finding>;
}
