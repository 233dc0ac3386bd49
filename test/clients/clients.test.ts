/** Every client in every case: what it shows is what docs/clients.md says, and nothing that it must not show. */
import { expect } from "chai";
import { CASE_GROUPS } from "./clientCases.js";
import { documentOf, readDocument, wasSilent, wasStuck } from "./clientsDocument.js";
import { type Observation, observeClients } from "./observe.js";

describe("clients: what each shows in each case", function () {
  this.timeout(900_000);
  let observations: Observation[];

  before(async () => {
    observations = await observeClients();
    if ((await documentOf(observations)) === (await readDocument())) return;
    // A gateway that got no processor for seconds answers 503, which is no behaviour of a client: what stays is seen twice.
    observations = await observeClients();
  });

  /** ethers 5, and dm3 with it, refuse labels of more than 63 bytes; our SDK a name that it could not publish. */
  const cannotSend = ({ title }: Observation["client"], asked: Observation["case"]) =>
    (/^(ethers 5|dm3)/.test(title) &&
      ["label of 255 bytes", "too long to be stored"].includes(asked.title)) ||
    (title.startsWith("our SDK") && asked.title === "too long to be stored");

  const inWords = (wrong: Observation[]) =>
    wrong.map(({ client, case: asked, seen }) => `${client.title}, ${asked.title}: ${seen}`);

  it("puts each of sixteen clients into each case", () => {
    const cases = CASE_GROUPS.flatMap((group) => group.cases);
    expect(new Set(observations.map(({ client }) => client.title)).size).to.equal(16);
    expect(observations).to.have.length(16 * cases.length);
  });

  it("shows the record wherever the first gateway answers and the name is in normal form", () => {
    const wrong = observations.filter(
      ({ client, case: asked, seen }) =>
        asked.truth === "value" &&
        asked.gateway === "healthy" &&
        asked.title !== "mixed case, as typed" &&
        !cannotSend(client, asked) &&
        seen !== "value" &&
        seen !== "–",
    );
    expect(inWords(wrong)).to.deep.equal([]);
  });

  it("comes from the second gateway, to everyone, when the first answers 503", () => {
    const wrong = observations.filter(
      ({ case: asked, seen }) => asked.gateway === "unavailableThenHealthy" && seen !== "value",
    );
    expect(inWords(wrong)).to.deep.equal([]);
  });

  it("shows an absent record as absent, to everyone", () => {
    const wrong = observations.filter(
      ({ client, case: asked, seen }) =>
        asked.truth === "absent" && seen !== "absent" && !cannotSend(client, asked),
    );
    expect(inWords(wrong)).to.deep.equal([]);
  });

  it("shows nobody a record that was expired, signed by another, or not to be had", () => {
    const wrong = observations.filter(
      ({ case: asked, seen }) => asked.truth === "unknown" && seen === "value",
    );
    expect(inWords(wrong)).to.deep.equal([]);
  });

  it("gives those who ask carefully the difference between absence and outage", () => {
    const careful = observations.filter(
      ({ client }) => client.title.includes("strict") || client.title.startsWith("our SDK"),
    );
    expect(careful).not.to.have.length(0);
    expect(inWords(careful.filter((each) => wasSilent(each) || wasStuck(each)))).to.deep.equal([]);
  });

  it("is advised on exactly where it is needed", () => {
    for (const client of new Set(observations.map((each) => each.client))) {
      const own = observations.filter((each) => each.client === client);
      expect(client.whereSilent !== null, client.title).to.equal(own.some(wasSilent));
      expect(client.whereStuck !== null, client.title).to.equal(own.some(wasStuck));
    }
  });

  it("is what docs/clients.md says (`npm run clients-table` writes it)", async () => {
    const [observed, written] = [await documentOf(observations), await readDocument()];
    const missingIn = (page: string, from: string) => {
      const lines = new Set(page.split("\n"));
      return from.split("\n").filter((line) => !lines.has(line));
    };
    // Whole pages do not fit into what a failed test prints; the lines that differ do.
    expect(missingIn(written, observed), "seen, and not on the page").to.deep.equal([]);
    expect(missingIn(observed, written), "on the page, and not seen").to.deep.equal([]);
    expect(observed).to.equal(written);
  });
});
