/** What writers are told to give, by types, is what the service's schemas take. */
import { expect } from "chai";
import type { z } from "zod";
import type { BatchItem } from "../../src/wire/batch.js";
import { documentedBatchSchema } from "../../src/wire/batchInput.js";
import type { ReservationInput } from "../../src/wire/domain.js";
import { reservationInputSchema } from "../../src/wire/domainInput.js";
import type { NameContent, Publication } from "../../src/wire/nameContent.js";
import { nameInputSchema, publicationSchema } from "../../src/wire/nameInput.js";
import type { OwnRecords } from "../../src/wire/ownRecords.js";
import { ownRecordsSchema } from "../../src/wire/ownRecordsSchema.js";
import type { SignedRequestBody } from "../../src/wire/signedRequest.js";
import { signedRequestSchema } from "../../src/wire/signedRequestSchema.js";
import { alice } from "../dm3/profile/sampleProfiles.js";

const WALLET = `0x${"11".repeat(20)}`;
const WORD = `0x${"22".repeat(32)}`;

const records: Required<OwnRecords> = {
  addresses: { 0: "0x00" },
  texts: { avatar: "https://a.example" },
  contenthash: null,
  name: "a.eth",
  pubkey: { x: WORD, y: WORD },
  abis: { 1: "0x7b7d" },
  data: { key: "0x" },
  interfaces: { "0x01ffc9a7": WALLET },
};
const content: Required<NameContent> = {
  address: WALLET,
  signedUserProfile: alice,
  records,
  relayNode: { publicEncryptionKey: "", publicSigningKey: "", url: "" },
};
const published: Publication = { address: WALLET, signedUserProfile: alice };
const items: readonly BatchItem[] = [
  { name: "a.eth", ...content },
  { name: "b.eth", delete: true },
];
const reservations: readonly ReservationInput[] = [{}, { wallet: null, untilMs: 1 }];
const signed: SignedRequestBody = {
  chainId: "1",
  resolver: WALLET,
  request: {
    action: "claim",
    domain: "eth",
    name: "a.eth",
    contentHash: WORD,
    sequence: 1,
    deadline: 1,
  },
  content: {},
  signer: WALLET,
  signature: "0x00",
};

/** `given` is checked by the compiler against what the schema takes, and here by the schema itself. */
function expectTaken<S extends z.ZodType>(schema: S, given: z.input<S>): void {
  expect(schema.safeParse(given).error?.issues ?? []).to.deep.equal([]);
}

describe("wire inputs", () => {
  it("take whatever their types allow", () => {
    expectTaken(ownRecordsSchema, records);
    expectTaken(nameInputSchema, content);
    expectTaken(publicationSchema, published);
    expectTaken(documentedBatchSchema, { atomic: true, items: [...items] });
    for (const reservation of reservations) expectTaken(reservationInputSchema, reservation);
    expectTaken(signedRequestSchema, signed);
  });
});
