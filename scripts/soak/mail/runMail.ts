/** `npm run soak -- --mail`: the run, its progress, and whether all is well. */
import { startProgress } from "../../progress.js";
import { printMemory } from "../memory.js";
import { runMailSoak } from "./mailSoak.js";

/** Mails of one domain that the bridge takes in an hour are 6,000, and half of the messages are mails. */
const MOST_MESSAGES = 11_000;

/** Returns the exit status. @param profileFolder for a profile of the bridge's CPU */
export async function runMail(
  messages: number,
  profileFolder: string | undefined,
): Promise<number> {
  if (messages > MOST_MESSAGES) {
    console.error(`soak: the bridge takes no more than ${MOST_MESSAGES} in an hour of one domain`);
    return 2;
  }
  const progress = startProgress();
  const report = await runMailSoak(messages, profileFolder, (...said) => {
    progress.show(...said);
  });
  progress.end();
  const { sent, missing, missingInMail, doubled, tookMs, cpuMsOfMessage } = report;
  console.log(`${sent} messages in ${(tookMs / 1_000).toFixed(0)} s`);
  console.log(
    `${missing} missing, of them ${missingInMail} to people with mail; ${doubled} doubled`,
  );
  console.log(`CPU of the bridge  ${cpuMsOfMessage.toFixed(1)} ms a message`);
  const { isFlat } = printMemory(report, tookMs);
  const isWell = missing === 0 && doubled === 0 && isFlat;
  console.log(isWell ? "Each arrived once, and memory is flat." : "Not well.");
  return isWell ? 0 : 1;
}
