/** test/vectors/name-request, taken by the registry on a real Postgres. */
import { expect } from "chai";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { stringify } from "../../src/dm3/stringify.js";
import { addressFrom } from "../../src/ens/address.js";
import type { ErrorCode } from "../../src/errors.js";
import { contentHash, nameRequestDigest } from "../../src/signing/nameRequest.js";
import { signedRequestSchema } from "../../src/wire/signedRequestSchema.js";
import { expectRejection } from "../expectError.js";
import { type Installation, openInstallation } from "./installation.js";
import type { NameRequestExpected, NameRequestInput } from "./make/nameRequests.js";
import { readVectors } from "./vectorFiles.js";

const { valid, invalid } = await readVectors<NameRequestInput, NameRequestExpected, ErrorCode>(
  "name-request",
);

describe("vectors: name-request", () => {
  let installation: Installation;
  before(async () => (installation = await openInstallation()));
  after(() => installation.close());

  for (const { rule, description, input, expected } of valid) {
    it(`${rule}: ${description}`, async () => {
      const { chainId, resolver, request, content } = signedRequestSchema.parse(input.body);
      expect(stringify(content)).to.equal(expected.canonicalContent);
      expect(contentHash(content)).to.equal(request.contentHash);
      const signedFor = { chainId: BigInt(chainId), resolver: addressFrom(fromHex(resolver)) };
      const digest = nameRequestDigest(signedFor, {
        ...request,
        contentHash: contentHash(content),
      });
      expect(toHex(digest)).to.equal(expected.digest);

      await installation.begin(input);
      await installation.takeRequest(input.body, input.nowSec);
      expect(await installation.state(request.name)).to.deep.equal(expected.state);
    });
  }

  for (const { rule, description, input, error } of invalid) {
    it(`${rule}: ${description}`, async () => {
      await installation.begin(input);
      await expectRejection(installation.takeRequest(input.body, input.nowSec), error, /./);
    });
  }
});
