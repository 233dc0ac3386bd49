/** The service killed in the middle of its work: what it had acknowledged is there, and it starts again. */
import { once } from "node:events";
import { Agent, get } from "node:http";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { type Person, signUp } from "../../src/demo/people.js";
import { DM3_PROFILE_KEY } from "../../src/dm3/profile/profileRecord.js";
import { stringify } from "../../src/dm3/stringify.js";
import { removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { nothingLeft, type RunningService, startServiceProgram } from "../e2e/runningService.js";
import { hasEnded, until } from "../embedded-postgres/holder.js";

const DOMAIN = "users.example.eth";
const ROUNDS = 3;
const WRITERS = 4;

describe("e2e: crash and stop of the service", function () {
  this.timeout(540_000);
  let folder: string;
  let apiKey: string;
  let running: RunningService | null = null;

  before(async () => {
    folder = await temporaryFolder();
    running = await startServiceProgram(folder);
    const flags = ["--chain", "1", "--resolver", `0x${"5f".repeat(20)}`, "--json"];
    const { ended } = startProgram("src/cli/main.ts", ["domain", "add", DOMAIN, ...flags], {
      settings: { SIGNPOST_DIR: folder },
      cwd: folder,
    });
    apiKey = (JSON.parse((await ended).stdout) as { apiKey: string }).apiKey;
  });
  after(async () => {
    if (running) {
      running.program.process.kill("SIGKILL");
      await nothingLeft(running, folder);
    }
    await removeFolder(folder);
  });

  const ask = (url: string, method: string, path: string, body?: unknown) =>
    fetch(`${url}/v1/names/${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  /** Every name is either absent or complete; the profile is the one that was sent. */
  async function expectWhole(url: string, name: string, person: Person): Promise<boolean> {
    const response = await ask(url, "GET", name);
    if (response.status === 404) return false;
    const stored = (await response.json()) as Record<string, Record<string, string>>;
    expect(stored["texts"]).to.deep.equal({
      [DM3_PROFILE_KEY]: `data:application/json,${stringify(person.signedUserProfile)}`,
    });
    expect(stored["addresses"]).to.deep.equal({ "60": person.address.toLowerCase() });
    return true;
  }

  it(`loses nothing that it acknowledged, over ${ROUNDS} kill -9 in the middle of publishing`, async () => {
    const acknowledged = new Map<string, Person>();
    const unanswered = new Map<string, Person>();
    for (let round = 0; round < ROUNDS; round++) {
      const service = running!;
      let dead = false;
      const isDead = () => dead;
      const publish = async (writer: number) => {
        for (let count = 0; !isDead(); count++) {
          const name = `user-${round}-${writer}-${count}.${DOMAIN}`;
          const person = await signUp([`relay.${DOMAIN}`]);
          unanswered.set(name, person);
          try {
            const { status } = await ask(service.url, "PUT", `${name}/profile`, person);
            expect(status).to.equal(201);
          } catch (error) {
            if (!isDead()) throw error;
            return;
          }
          unanswered.delete(name);
          acknowledged.set(name, person);
        }
      };
      const writers = Array.from({ length: WRITERS }, (_, writer) => publish(writer));
      const before = acknowledged.size;
      const enough = until(() => acknowledged.size - before > 20, 30_000);
      await Promise.race([enough, Promise.all(writers)]);
      await delay(10 * round);
      dead = true;
      service.program.process.kill("SIGKILL");
      await Promise.all(writers);
      // started at once, while the former Postgres may still be stopping
      await service.program.ended;
      running = await startServiceProgram(folder);
      expect(await hasEnded(service.postgresPid)).to.equal(true);
      for (const [name, person] of acknowledged) {
        expect(await expectWhole(running.url, name, person), name).to.equal(true);
      }
      for (const [name, person] of unanswered) await expectWhole(running.url, name, person);
    }
    // nor is the retired history lost: publishing again what is there changes nothing
    const [name, person] = [...acknowledged][0]!;
    const again = await ask(running!.url, "PUT", `${name}/profile`, person);
    expect(await again.json()).to.include({ outcome: "unchanged" });
  });

  it("leaves no Postgres behind when it is killed", async () => {
    const service = running!;
    service.program.process.kill("SIGKILL");
    await nothingLeft(service, folder);
    running = await startServiceProgram(folder);
  });

  it("finishes the request under way on SIGTERM, takes no new one, and exits with 0", async () => {
    const service = running!;
    const name = `last.${DOMAIN}`;
    const person = await signUp([`relay.${DOMAIN}`]);
    const body = JSON.stringify(person);
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    let answer = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
    socket.write(
      `PUT /v1/names/${name}/profile HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${apiKey}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 40)}`,
    );
    await delay(200);
    service.program.process.kill("SIGTERM");
    await service.program.printed(/SIGTERM: finishing the requests under way/);
    await delay(100);
    const refused = await fetch(`${service.url}/health/live`).then(
      () => "answered",
      () => "refused",
    );
    expect(refused).to.equal("refused");
    socket.write(body.slice(40));
    const { exitStatus } = await service.program.ended;
    expect(exitStatus, service.program.output()).to.equal(0);
    expect(answer).to.match(/^HTTP\/1\.1 201 Created\r\n/);
    await nothingLeft(service, folder);

    running = await startServiceProgram(folder);
    expect(await expectWhole(running.url, name, person)).to.equal(true);
  });

  it("ends within seconds although clients keep their connections busy, or never finish a request", async () => {
    const service = running!;
    const { hostname, port } = new URL(service.url);
    const stalled = connect(Number(port), hostname);
    await once(stalled, "connect");
    stalled.write(`POST /ccip/1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{`);
    let stopped = false;
    const busy = Array.from({ length: 8 }, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      while (!stopped) await answered(`${service.url}/health/ready`, agent).catch(() => delay(20));
      agent.destroy();
    });
    await delay(300);
    service.program.process.kill("SIGTERM");
    const late = delay(20_000, { exitStatus: "still running" }, { ref: false });
    const { exitStatus } = await Promise.race([service.program.ended, late]);
    stopped = true;
    stalled.destroy();
    await Promise.all(busy);
    expect(exitStatus, service.program.output()).to.equal(0);
    await nothingLeft(service, folder);
    running = null;
  });
});

/** Resolves when a GET over the agent's one connection was answered. */
function answered(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume().on("end", resolve);
    }).on("error", reject);
  });
}
