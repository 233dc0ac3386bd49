/** The gateway's own canary, with a real server: its message goes through everything and comes back, or it is told where it ended. */
import { expect } from "chai";
import { registerAccount } from "../../src/demo/xmpp-servers/registerAccount.js";
import { startXmppWorld, type XmppWorld } from "../../src/demo/xmppWorld.js";
import { type ChildProgram, removeFolder, temporaryFolder } from "../childProgram.js";
import { gatewayAsProgram } from "./gatewayChild.js";
import { eventually, PASSWORD } from "./userClient.js";
import { LONG_MS } from "./wholeScene.js";

describe("the XMPP gateway's canary", function () {
  this.timeout(LONG_MS);
  let world: XmppWorld;
  let folder: string;
  let program: ChildProgram;

  before(async () => {
    folder = await temporaryFolder();
    world = await startXmppWorld({
      ...{ kind: "prosody", databaseUrl: undefined, onStep: () => undefined },
      reportFailure: () => undefined,
    });
    await registerAccount(world.server, "canary", PASSWORD);
    await world.gateway.stop();
  });
  afterEach(() => stop());
  after(async () => {
    await world.stop();
    await removeFolder(folder);
  });

  async function start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    const { environment, url } = world.gateway;
    const { domain, host, clientPort } = world.server;
    const canary = {
      ...{ XMPP_CANARY: `canary@${domain}`, XMPP_CANARY_PASSWORD: PASSWORD },
      ...{ XMPP_CANARY_SERVER: `${host}:${clientPort}`, XMPP_CANARY_MINUTES: "60" },
    };
    const all = { ...environment, ...canary, ...settings };
    program = await gatewayAsProgram({ environment: all }, folder, new URL(url).port);
  }

  async function stop(): Promise<void> {
    program.process.kill("SIGTERM");
    await program.ended;
  }

  const read = async (path: string) => (await fetch(new URL(path, world.gateway.url))).text();
  const number = async (name: string) =>
    new RegExp(`^signpost_xmpp_canary_${name}(?:\\{.*\\})? (\\S+)$`, "m").exec(
      await read("/metrics"),
    )?.[1];

  /** When the first one is over: whether it came back. */
  async function first(): Promise<boolean> {
    await eventually(async () => (await number("well")) !== undefined, "a canary");
    return (await number("well")) === "1";
  }

  /** What readiness says is asked for every few seconds. */
  const warned = (sentence: RegExp) =>
    eventually(async () => sentence.test(await read("/health/ready")), String(sentence));

  it("comes back, also in a process that starts again", async () => {
    for (let time = 0; time < 2; time++) {
      await start();
      expect(await first(), await read("/health/ready")).to.equal(true);
      expect(Number(await number("seconds"))).to.be.above(0);
      expect(Number(await number("age_seconds"))).to.be.at.least(0);
      expect(await read("/health/ready")).to.not.include("canary");
      await stop();
    }
    await start();
  });

  it("says that it could not log in", async () => {
    await start({ XMPP_CANARY_PASSWORD: "another" });
    expect(await first()).to.equal(false);
    await warned(/The XMPP canary was lost\. canary@\S+ could not log in/);
    expect(await number("seconds")).to.equal(undefined);
  });

  it("says that the gateway is not there", async () => {
    await start({ XMPP_SECRET: "another" });
    expect(await first()).to.equal(false);
    await warned(/The XMPP canary was lost\. dm3\.\S+ said no/);
  });

  it("ends with the process, also in the middle", async () => {
    await start();
    await eventually(async () => (await read("/health/live")) !== "", "a live process");
    const { status } = await fetch(new URL("/health/ready", world.gateway.url));
    expect(status).to.equal(200);
  });
});
