/** The form of a wallet's signed request, as it comes in a JSON body. */
import { z } from "zod";
import { CERTIFICATE_SCHEMES, type CertificateScheme } from "../dm3/statement/certificate.js";
import { LONGEST_NAME } from "../ens/dnsName.js";
import { NAME_ACTIONS, type NameAction } from "../signing/nameRequest.js";
import type { OwnRecords } from "./ownRecords.js";
import { ownRecordsSchema } from "./ownRecordsSchema.js";
import { type Scope, SCOPES } from "./scopes.js";
import type { SignedRequestBody } from "./signedRequest.js";

/** A key's has 65 bytes. A contract wallet's has as many as it takes, and as much again for its deployment (ERC-6492). */
const LONGEST_SIGNATURE = 8192;
const address = z.string().max(42);

export const walletSignatureSchema = z
  .string()
  .max(2 + 2 * LONGEST_SIGNATURE, `must not be longer than ${LONGEST_SIGNATURE} bytes`)
  .regex(
    /^0x(?:[0-9a-fA-F]{2})*$/,
    "must be 0x and an even number of hexadecimal digits, 130 for a key's, none for a Safe that signed on its chain",
  );

export const signedRequestSchema = z.strictObject({
  /** Decimal. */
  chainId: z.string().regex(/^(?:0|[1-9][0-9]{0,18})$/, "must be a decimal chain id"),
  resolver: address,
  request: z.strictObject({
    action: z.enum(NAME_ACTIONS),
    domain: z.string().max(LONGEST_NAME),
    name: z.string().max(LONGEST_NAME),
    contentHash: z.string().regex(/^0x[0-9a-f]{64}$/, "must be 0x and 64 lower-case digits"),
    sequence: z.int().min(0),
    deadline: z.int().min(0),
  }),
  /** By its action; what was hashed into `contentHash`. */
  content: z.looseObject({}),
  /** The wallet; a signature alone does not tell a wrong one from another's. */
  signer: address,
  signature: walletSignatureSchema,
}) satisfies z.ZodType<SignedRequestBody>;

const nothing = z.strictObject({});

/** What each action carries. */
export const contentSchemas = {
  claim: nothing,
  publishProfile: z.strictObject({ signedUserProfile: z.looseObject({}) }),
  deleteProfile: nothing,
  setRecords: z.strictObject({ records: ownRecordsSchema }),
  registerRelayNode: z.strictObject({ relayNode: z.looseObject({}) }),
  removeRelayNode: nothing,
  registerNetwork: z.strictObject({ network: z.looseObject({}) }),
  removeNetwork: nothing,
  publishCertificate: z.strictObject({ certificate: z.looseObject({}) }),
  removeCertificate: z.strictObject({ scheme: z.enum(CERTIFICATE_SCHEMES) }),
  move: z.strictObject({ to: address }),
  delete: nothing,
  readHistory: nothing,
  openSession: z.strictObject({
    scopes: z
      .array(z.enum(SCOPES))
      .min(1)
      .max(SCOPES.length)
      .refine((scopes) => new Set(scopes).size === scopes.length, "must have each scope once"),
  }),
} satisfies Record<NameAction, z.ZodType>;

export interface Content {
  readonly signedUserProfile?: unknown;
  readonly records?: OwnRecords;
  readonly relayNode?: unknown;
  readonly network?: unknown;
  readonly certificate?: unknown;
  readonly scheme?: CertificateScheme;
  readonly to?: string;
  readonly scopes?: readonly Scope[];
}
