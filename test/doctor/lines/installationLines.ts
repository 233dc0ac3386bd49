import { expect } from "chai";
import type { StandingAnswer } from "../../../src/wire/standing.js";
import { deadUrl } from "../../lookup/loopbackServer.js";
import { expectOnly, lineOf } from "../diagnosis.js";
import type { Ward } from "../ward.js";

const ID = "installations";
const MIRROR = { primary: "https://primary.example/", behindSec: 2, namesNotTaken: 0 };

export function installationLines(ward: () => Ward): void {
  /** A second gateway, which says this of itself. */
  async function beside(standing: Partial<StandingAnswer>): Promise<void> {
    const { world, gateway, urlOn, setUrls, bend } = ward();
    await setUrls(urlOn(world.service.url), urlOn(gateway.url));
    bend((sent, { url }) => {
      if (!url.startsWith("/v1/standing/")) return;
      const said = JSON.parse(sent.body) as StandingAnswer;
      sent.body = JSON.stringify({ ...said, database: "another", ...standing });
    });
  }

  it("tells of one that takes changes, whatever gateways it has", async () => {
    const { world, gateway, urlOn, setUrls } = ward();
    await setUrls(urlOn(world.service.url), urlOn(gateway.url));
    const { status, seen } = lineOf(await ward().examine(), ID);
    expect([status, seen]).to.deep.equal(["passed", `${world.service.url} takes changes`]);
  });

  it("shows primary and mirror, and how far that is behind", async () => {
    await beside({ takesChanges: false, changedAt: MIRROR.primary, mirror: MIRROR });
    const { status, seen } = lineOf(await ward().examine(), ID);
    expect(status).to.equal("passed");
    expect(seen).to.match(
      /takes changes; http:\S+ is a mirror of https:\/\/primary\.example\/, 2 seconds behind/,
    );
  });

  it("warns when two take changes", async () => {
    await beside({});
    expectOnly(await ward().examine(), ID, "warning", /^2 installations take changes/);
  });

  it("warns of a mirror that is late, or has not everything", async () => {
    const mirrored = { takesChanges: false, changedAt: MIRROR.primary };
    await beside({ ...mirrored, mirror: { ...MIRROR, behindSec: 500 } });
    expectOnly(await ward().examine(), ID, "warning", /500 seconds behind/);
    await beside({ ...mirrored, mirror: { ...MIRROR, behindSec: null } });
    expectOnly(await ward().examine(), ID, "warning", /not copied yet/);
    await beside({ ...mirrored, mirror: { ...MIRROR, namesNotTaken: 3 } });
    expectOnly(await ward().examine(), ID, "warning", /3 names not taken/);
  });

  it("does not pass while a gateway does not say whether it takes changes as well", async () => {
    await beside({});
    const { world, gateway, bend } = ward();
    bend((sent, { url }) => {
      if (url.startsWith("/v1/standing/")) sent.status = 503;
    });
    const unsaid = `1 of 2 gateways does not say whether it takes changes: ${gateway.url}`;
    const one = lineOf(await ward().examine(), ID);
    expect([one.status, one.seen]).to.deep.equal([
      "skipped",
      `${world.service.url} takes changes; ${unsaid}`,
    ]);
  });

  it("does not say that nobody takes changes while a gateway does not say", async () => {
    const { gateway, urlOn, setUrls, bend } = ward();
    const dead = await deadUrl();
    await setUrls(urlOn(gateway.url), urlOn(dead));
    bend((sent, { url }) => {
      if (!url.startsWith("/v1/standing/")) return;
      const said = JSON.parse(sent.body) as StandingAnswer;
      sent.body = JSON.stringify({ ...said, takesChanges: false, changedAt: null });
    });
    const { status, seen } = lineOf(await ward().examine(), ID);
    expect(status).to.equal("skipped");
    expect(seen).to.equal(
      `${gateway.url} is frozen; 1 of 2 gateways does not say whether it takes changes: ${dead}`,
    );
  });

  it("warns when none takes changes, and has nothing to say of others' gateways", async () => {
    const { gateway, urlOn, setUrls, bend } = ward();
    await setUrls(urlOn(gateway.url));
    bend((sent, { url }) => {
      if (!url.startsWith("/v1/standing/")) return;
      const said = JSON.parse(sent.body) as StandingAnswer;
      const frozen = { takesChanges: false, changedAt: "https://new.example/" };
      sent.body = JSON.stringify({ ...said, ...frozen });
    });
    const seen = /no gateway's installation takes changes: \S+ is frozen, changed at https:\/\/new/;
    expectOnly(await ward().examine(), ID, "warning", seen);
    bend((sent, { url }) => {
      if (url.startsWith("/v1/standing/")) sent.status = 404;
    });
    expect(lineOf(await ward().examine(), ID).status).to.equal("skipped");
  });
}
