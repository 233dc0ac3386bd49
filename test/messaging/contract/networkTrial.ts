/** A network that is being tried, and what the parts of the suite have in common. */
import { normalizeName } from "../../../src/ens/normalize.js";
import {
  formatNativeAddress,
  type NativeAddress,
} from "../../../src/messaging/address/nativeAddress.js";
import type { Delivery, Submission } from "../../../src/messaging/network.js";
import type { NetworkScene, NetworkUser } from "../networkScene.js";

export const ALICE = normalizeName("alice.eth");

export type NetworkTrial = ReturnType<typeof networkTrial>;

/** `scene` and `bob`, who is one of its users, are there when the suite begins. */
export function networkTrial() {
  const trial = {} as { scene: NetworkScene; bob: NetworkUser };
  const alices = () => trial.scene.addressOf(ALICE);
  const ended = ({ to, hash, number }: Delivery) => `${formatNativeAddress(to)} ${number}-${hash}`;
  const lettersTo = async (user: NetworkUser, count: number, name: string, bytes?: number) => {
    const letters: Delivery[] = [];
    for (let each = 0; each < count; each++) {
      letters.push(await trial.scene.letter(user.address, `${name} ${each}`, bytes));
    }
    return letters;
  };
  const textsOf = (user: NetworkUser, name: string) =>
    user.arrived.all.map(({ text }) => text).filter((text) => text.startsWith(`${name} `));
  /** A bridge submits more than what its users wrote: it answers for them where they cannot be reached. */
  const submittedBy = (address: NativeAddress) =>
    trial.scene.happened.submitted.filter(
      ({ from }) => formatNativeAddress(from) === formatNativeAddress(address),
    );
  const endOf = (hash: string, sentence: string) => ({
    ...{ to: trial.bob.address, receiver: ALICE, hash, reason: "no-profile", sentence },
  });
  async function submissionOf(user: NetworkUser, text: string): Promise<Submission> {
    for (const submission of submittedBy(user.address)) {
      if ((await trial.scene.textOf(submission)) === text) return submission;
    }
    throw new Error(`nobody submitted: ${text}`);
  }
  return Object.assign(trial, {
    ...{ alices, ended, lettersTo, textsOf, submittedBy, endOf, submissionOf },
  });
}
