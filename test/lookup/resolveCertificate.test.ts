import { expect } from "chai";
import { deriveProfileKeys } from "../../src/dm3/keys/keys.js";
import type { CertificateScheme } from "../../src/dm3/statement/certificate.js";
import { resolveCertificate as resolveInBrowser } from "../../src/sdk/index.js";
import { resolveCertificate } from "../../src/sdk/node.js";
import { expectRejection } from "../expectError.js";
import { answer } from "./loopbackServer.js";
import {
  BOB,
  CERTIFICATE_KEY,
  certificateRecord,
  networkSuite,
  OWNER,
  strangerKeys,
} from "./networkScene.js";
import { expectAbsent, expectFound, expectUnreachable, expectUntrusted } from "./outcomes.js";
import { DOMAIN } from "./scene.js";
import { records } from "./signingGateway.js";

describe("resolveCertificate", () => {
  const suite = networkSuite();

  const resolve = (name = BOB) => resolveCertificate(name, "openpgp", suite.scene.options);
  const publish = (record: unknown) => {
    suite.world.publishBob({ [CERTIFICATE_KEY]: JSON.stringify(record) });
  };

  it("finds what the key of the name's profile signed, and asks no relay node", async () => {
    publish(certificateRecord());
    const found = expectFound(await resolve());
    expect(found.certificate).to.deep.equal(certificateRecord());
    expect(found.profile).to.include({ name: BOB, address: OWNER });
    expect(found.profile.relayNodes).to.deep.equal([]);
    expect(found.sentence).to.match(/openpgp certificate for bob@chat\.example/);
    expect(found.checks.map(({ check }) => check)).to.include.members([
      ...["wallet-signature", "certificate-record", "certificate-signature"],
    ]);
    expect(await resolveInBrowser(BOB, "openpgp", suite.scene.options)).to.deep.equal(found);
  });

  it("finds one of the greatest size that is taken", async () => {
    publish(certificateRecord(undefined, 16_384));
    expectFound(await resolve());
  });

  it("is absent without record or resolver", async () => {
    expectAbsent(await resolve(), "no-record", /no openpgp certificate/);
    expectAbsent(await resolve("nowhere.eth"), "no-resolver", /no resolver/);
  });

  it("is unreachable when it cannot be read", async () => {
    suite.scene.gateway.handler = answer("", { status: 502 });
    expectUnreachable(await resolve(), /HTTP 502/);
  });

  it("is untrusted without a profile", async () => {
    suite.scene.names.set(BOB, records({ [CERTIFICATE_KEY]: JSON.stringify(certificateRecord()) }));
    expectUntrusted(await resolve(), "certificate-signature", /no DM3 profile/);
  });

  it("is untrusted by another key than the profile's, and for another name", async () => {
    publish(certificateRecord(strangerKeys));
    expectUntrusted(await resolve(), "certificate-signature", /not signed for bob/);
    const alice = `alice.${DOMAIN}`;
    const { texts } = suite.scene.names.get(alice)!;
    const more = [[CERTIFICATE_KEY, JSON.stringify(certificateRecord())]] as const;
    suite.scene.names.set(alice, {
      ...suite.scene.names.get(alice)!,
      texts: new Map([...texts, ...more]),
    });
    expectUntrusted(await resolve(alice), "certificate-signature", /not signed for alice/);
  });

  const other = certificateRecord(deriveProfileKeys(new Uint8Array(32).fill(99)));
  const flips: Readonly<Record<string, unknown>> = {
    ...{ certificate: "AAAA", address: "mallory@chat.example", signedAtSec: 1_780_000_001 },
    ...{ publicSigningKey: other.publicSigningKey, signature: other.signature },
  };
  for (const [field, value] of Object.entries(flips)) {
    it(`is untrusted when only ${field} was changed after it was signed`, async () => {
      publish({ ...certificateRecord(), [field]: value });
      expectUntrusted(await resolve(), "certificate-signature", /not signed for bob/);
    });
  }

  it("is untrusted for what is no record", async () => {
    publish({ ...certificateRecord(), scheme: "smime" });
    expectUntrusted(await resolve(), "certificate-record", /scheme .* must be one of openpgp/);
    publish("x");
    expectUntrusted(await resolve(), "certificate-record", /JSON object/);
  });

  it("throws INVALID_REQUEST for a scheme that there is not", async () => {
    const asked = resolveCertificate(BOB, "smime" as CertificateScheme, suite.scene.options);
    await expectRejection(asked, "INVALID_REQUEST", /certificates of openpgp only/);
  });
});
