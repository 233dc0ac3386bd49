/** Distinct envelopes, each really encrypted and signed, as the bodies of submits. */
import { setImmediate as yieldToOthers } from "node:timers/promises";
import { encodeMessage } from "../../src/dm3/message/encodeMessage.js";
import type { People, Receiver, Sender } from "./people.js";

const TEXT = "See you at the usual place at eight, and bring the book that you told me about.";

export interface Letter {
  /** What is posted to /rpc. */
  readonly body: string;
  /** As acknowledgements name it. */
  readonly hash: string;
  readonly from: string;
}

/** From these senders by turns to these receivers by turns. npm's name of the hash, because the peer knows no other. */
export async function writeLetters(
  { relayNode }: People,
  senders: readonly Sender[],
  receivers: readonly Receiver[],
  count: number,
): Promise<readonly Letter[]> {
  const relayNodes = [{ status: "found", name: "relay.example.eth", profile: relayNode }] as const;
  const letters: Letter[] = [];
  for (let i = 0; i < count; i++) {
    const [sender, receiver] = [senders[i % senders.length], receivers[i % receivers.length]];
    await yieldToOthers();
    if (sender === undefined || receiver === undefined) throw new Error("Nobody writes.");
    const { envelopes } = await encodeMessage(
      {
        ...{ type: "NEW", text: `${i} ${TEXT}`, from: sender.name, to: receiver.name },
        timestampMs: Date.now(),
      },
      {
        keys: sender.keys,
        receiver: { profile: receiver.signed.profile, relayNodes },
        hashField: "encryptedMessageHash",
      },
    );
    const envelope = envelopes[0]?.envelope;
    const params = [JSON.stringify(envelope)];
    letters.push({
      body: JSON.stringify({ jsonrpc: "2.0", id: i, method: "dm3_submitMessage", params }),
      hash: envelope?.metadata.encryptedMessageHash ?? "",
      from: sender.name,
    });
  }
  return letters;
}
