/** test/vectors/ccip-request, asked of the gateway on a real Postgres. */
import { expect } from "chai";
import { AbiCoder, hexlify } from "ethers";
import { fromHex } from "../../src/abi/hex.js";
import { boundChainId } from "../../src/ccip/chainBinding.js";
import { domainStore } from "../../src/db/domainStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { recordSource } from "../../src/db/recordSource.js";
import { addressFrom } from "../../src/ens/address.js";
import { namehash } from "../../src/ens/namehash.js";
import { normalizeName } from "../../src/ens/normalize.js";
import { NO_RECORDS } from "../../src/ens/records.js";
import type { ErrorCode } from "../../src/errors.js";
import { eachByItself } from "../../src/gateway/answerSigner.js";
import { createGateway } from "../../src/gateway/gateway.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { emptyName } from "../../src/registry/names/storedName.js";
import { type MigratedPool, openMigratedPool } from "../db/migratedPool.js";
import { putName } from "../db/putName.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import type { CcipRequestExpected, CcipRequestInput } from "./make/ccipRequests.js";
import { readVectors } from "./vectorFiles.js";

const { valid, invalid } = await readVectors<CcipRequestInput, CcipRequestExpected, ErrorCode>(
  "ccip-request",
);

describe("vectors: ccip-request", () => {
  let database: MigratedPool;
  before(async () => (database = await openMigratedPool()));
  after(() => database.close());

  /** A gateway that serves what the vector says, and its answer. */
  async function answer({ chainId, resolver, served, names, request }: CcipRequestInput) {
    await database.pool.query("delete from resolver");
    const domains = domainStore(database.pool);
    for (const { domain, ...one } of served) {
      const resolverServed = {
        domain,
        chainId: BigInt(one.chainId),
        resolver: addressFrom(fromHex(one.resolver)),
      };
      if (await domains.domainHolding(normalizeName(domain)))
        await domains.connectResolver(resolverServed);
      else await addDomain(domains, resolverServed, apiKeyFrom(bytes(32, 1)));
    }
    for (const [name, { addresses, texts, contenthash }] of Object.entries(names)) {
      await putName(nameStore(database.pool), {
        ...emptyName(namehash(name), name, served[0]!.domain),
        ...NO_RECORDS,
        addresses: new Map(Object.entries(addresses).map(([c, hex]) => [BigInt(c), fromHex(hex)])),
        texts: new Map(Object.entries(texts)),
        contenthash: contenthash === null ? null : fromHex(contenthash),
      });
    }
    const gateway = createGateway({
      records: recordSource(database.pool),
      signer: eachByItself(localGatewaySigner(bytes(32, 0x44))),
      validitySec: 60,
      nowMs: () => 4_000_000_000_000,
    });
    return gateway.call({
      chainId: BigInt(chainId),
      to: addressFrom(fromHex(resolver)),
      data: fromHex(request),
    });
  }

  for (const { rule, description, input, expected } of valid) {
    it(`${rule}: ${description}`, async () => {
      const { data, basis } = await answer(input);
      const [result] = AbiCoder.defaultAbiCoder().decode(
        ["bytes", "uint64", "bytes"],
        hexlify(data),
      ) as unknown as [string];
      const bound = boundChainId(fromHex(input.request));
      expect({
        name: basis.name,
        boundChainId: bound?.toString() ?? null,
        result,
      }).to.deep.equal(expected);
    });
  }

  for (const { rule, description, input, error } of invalid) {
    it(`${rule}: ${description}`, async () => {
      await expectRejection(answer(input), error, /./);
    });
  }
});
