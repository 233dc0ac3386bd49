/**
 * npm run soak [-- --minutes N]: one service process under mixed load over loopback, for ten minutes unless told
 * otherwise. Ends with 0 when every kind of request was answered as it should be and memory is flat in the second half.
 * In less than three minutes a fresh process is still growing into its size.
 *
 * npm run soak -- --hostile [--before [COMMIT]] [--seconds N] [--attack NAME,NAME]: attacks, and what everybody else notices
 * of them. Ends with 0 when every target is reached.
 *
 * npm run soak -- --relay [--messages N] [--json]: a relay node of its own that is killed and cut off from its Postgres while
 * fifty people write (2,000 messages unless told otherwise; 30,000 take three minutes on two free cores, and much longer on busy ones). Ends with 0 when every message
 * that was accepted was delivered once, every other one was refused for a reason, and memory is flat.
 *
 * npm run soak -- --mail [--messages N] [--profile FOLDER]: the mail bridge as a process of its own, with messages in both directions
 * (2,000 unless told otherwise, 11,000 at most). Ends with 0 when each arrived once, and memory is flat in the second half.
 */
import { parseArgs } from "node:util";
import { parseMinutes } from "./minutes.js";
import { startProgress } from "./progress.js";
import { runHostileSoak } from "./soak/hostile/hostileSoak.js";
import { readHostileOptions, withBaseline } from "./soak/hostile/options.js";
import { type LoadReport, runLoad } from "./soak/load.js";
import { runMail } from "./soak/mail/runMail.js";
import { megabytes, printMemory } from "./soak/memory.js";
import { readMessages, runRelay } from "./soak/relay/runRelay.js";
import { requestKinds } from "./soak/requestKinds.js";
import { startServiceUnderLoad } from "./soak/serviceUnderLoad.js";
import { publishUsers } from "./soak/users.js";

const COLLECTIONS = 40;

const { values } = parseArgs({
  args: withBaseline(process.argv.slice(2)),
  options: {
    minutes: { type: "string", default: "10" },
    hostile: { type: "boolean", default: false },
    before: { type: "string" },
    seconds: { type: "string", default: "15" },
    attack: { type: "string" },
    relay: { type: "boolean", default: false },
    mail: { type: "boolean", default: false },
    profile: { type: "string" },
    messages: { type: "string", default: "2000" },
    json: { type: "boolean", default: false },
  },
});
process.exit(await runAsked());

async function runAsked(): Promise<number> {
  if (values.hostile) return runHostile();
  if (!values.relay && !values.mail) return runMinutes();
  const messages = readMessages(values.messages);
  if (messages !== null && values.mail) return runMail(messages, values.profile);
  if (messages !== null) return runRelay(messages, values.json);
  console.error("soak: give the messages as a number: npm run soak -- --relay --messages 2000");
  return 2;
}

async function runMinutes(): Promise<number> {
  const minutes = parseMinutes(values.minutes);
  if (minutes !== null) return run(minutes * 60_000);
  console.error("soak: give the minutes as a number: npm run soak -- --minutes 10");
  return 2;
}

async function runHostile(): Promise<number> {
  const options = readHostileOptions(values);
  if (typeof options !== "string") return runHostileSoak(options);
  console.error(`soak: ${options}`);
  return 2;
}

async function run(durationMs: number): Promise<number> {
  const progress = startProgress();
  progress.show(0, "publishing users");
  const service = await startServiceUnderLoad();
  await publishUsers(service);
  service.sample(Math.max(1_000, durationMs / COLLECTIONS));
  const { signer, residentSamples } = service;
  const report = await runLoad(
    requestKinds(service),
    { durationMs, signer },
    (elapsedMs, sent, wrong) => {
      const resident = megabytes(residentSamples.at(-1)?.bytes ?? 0);
      progress.show(elapsedMs / durationMs, `${sent} sent, ${wrong} wrong, ${resident} resident`);
    },
  );
  progress.end();
  await service.stop();

  printCounts(report);
  const { isFlat } = printMemory(service, durationMs);
  const well = report.wrongCount === 0 && report.verified > 0 && isFlat;
  console.log(well ? "Everything was answered as it should be, and memory is flat." : "Not well.");
  return well ? 0 : 1;
}

function printCounts({ counts, sent, verified, wrong, wrongCount }: LoadReport): void {
  for (const [title, endings] of counts) {
    const each = [...endings].map(([ending, count]) => `${ending}: ${count}`).join(", ");
    console.log(`${title.padEnd(45)} ${each}`);
  }
  console.log(`${sent} requests, ${verified} signatures verified, ${wrongCount} answers wrong`);
  for (const what of wrong) console.log(`  ${what}`);
}
