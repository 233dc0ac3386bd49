/** Names, profiles and records on the service API. */
import { expect } from "chai";
import { hexlify } from "ethers";
import fc from "fast-check";
import { DOMAIN } from "../openTestService.js";
import { ALICE, expectSentence, type FuzzProperty } from "./fuzzedService.js";

const json = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
);

export const API_PROPERTIES: readonly FuzzProperty[] = [
  {
    title: "random names on the service API",
    runsInTest: 150,
    of: ({ http }) =>
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 40 }), async (text) => {
        const label = encodeURIComponent(text.toWellFormed());
        for (const path of [`/names/${label}.${DOMAIN}`, `/names/${label}`]) {
          const answer = await http.v1("GET", path);
          // ALICE is there; anything else is malformed, another's, or absent
          if (answer.status !== 200) expectSentence(answer);
          // "" and "." are no name: that path is the list, in which there is nobody else
          else if ("names" in answer.body) expect(answer.body["names"]).to.be.an("array");
          else expect(answer.body).to.include({ name: ALICE });
        }
      }),
  },
  {
    title: "random profiles and records: none of them is ever served",
    runsInTest: 250,
    of: ({ http, wallet, signed: { profile, signature } }) => {
      const name = `fuzz.${DOMAIN}`;
      const body = fc.oneof(
        json,
        fc.record({ address: json, signedUserProfile: json }),
        fc.record({ address: fc.constant(wallet.address), signedUserProfile: json }),
        fc.tuple(fc.constantFrom(...Object.keys(profile)), json).map(([field, value]) => ({
          address: wallet.address,
          signedUserProfile: { profile: { ...profile, [field]: value }, signature },
        })),
        fc.uint8Array({ minLength: 65, maxLength: 65 }).map((random) => ({
          address: wallet.address,
          signedUserProfile: { profile, signature: hexlify(random) },
        })),
      );
      return fc.asyncProperty(body, async (published) => {
        expectSentence(await http.v1("PUT", `/names/${name}/profile`, published));
        expectSentence(await http.v1("PUT", `/relay-nodes/${name}`, published));
        // nothing to set is nothing wrong
        if (JSON.stringify(published) === "{}") return;
        expectSentence(await http.v1("PUT", `/names/${name}/records`, published));
        expectSentence(await http.v1("GET", `/names/${name}`));
      });
    },
  },
  {
    title: "random records: stored as they came, or refused",
    runsInTest: 150,
    of: ({ http }) => {
      const name = `records.${DOMAIN}`;
      const texts = fc.dictionary(
        fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
        fc.string({ unit: "binary", maxLength: 40 }),
        { maxKeys: 5, noNullPrototype: true },
      );
      return fc.asyncProperty(texts, async (given) => {
        const answer = await http.v1("PUT", `/names/${name}/records`, { texts: given });
        if (answer.status !== 200) {
          expectSentence(answer);
          return;
        }
        const { body } = await http.v1("GET", `/names/${name}`);
        expect(body["texts"]).to.deep.equal(given);
      });
    },
  },
];
