/** Somebody on the other side of the gateway: a DM3 user with relay nodes of the demo, and our own messenger. */
import type { XmppWorld } from "../../src/demo/xmppWorld.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { createMessenger, type Messenger, openMessageKeys } from "../../src/sdk/messagesNode.js";
import type { CreatedProfile } from "../../src/wallet/createProfile.js";
import { ensOf, HASTY, showAll, type Shown } from "./wholeScene.js";

export interface AtRelayNodes extends Messenger {
  readonly shown: Shown[];
  /** What it sent and what it was answered, by HTTP. */
  readonly wire: string[];
  readonly leave: () => Promise<void>;
}

/** A messenger of a DM3 user with relay nodes of the demo. */
export async function openMessenger(
  world: Pick<XmppWorld, "demo">,
  { name, keys }: Pick<CreatedProfile, "keys"> & { readonly name: string },
): Promise<AtRelayNodes> {
  const shown: Shown[] = [];
  const wire: string[] = [];
  const fetcher = createGuardedFetcher({ allowLoopback: true });
  const messenger = createMessenger({
    ...{ name, keys: await openMessageKeys(keys), ...ensOf(world) },
    ...{ receipts: false, patience: HASTY, pollMs: 500 },
    fetcher: async (request) => {
      const answer = await fetcher(request);
      wire.push(String(request.body), new TextDecoder().decode(answer.body));
      return answer;
    },
  });
  const reading = showAll(messenger, shown);
  const leave = async () => {
    await messenger.stop();
    await reading;
  };
  return { ...messenger, shown, wire, leave };
}
