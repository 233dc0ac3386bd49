/** Delta Chat answers what it gets, and tells when an answer came: by its events, without looking again and again. */
import type { DeltaChat } from "../../src/demo/mail/deltaChat.js";
import type { DeltaChatUser, ShownMessage } from "../../src/demo/mail/deltaChatUser.js";

interface ChatEvent {
  readonly contextId: number;
  readonly event: { readonly kind: string; readonly msgId?: number };
}

export interface Answering {
  /** Resolves when this user got this text. */
  readonly got: (user: DeltaChatUser, text: string) => Promise<void>;
  readonly stop: () => void;
}

/** @param answerer writes `re: …` to whatever it gets; all others only read */
export function answering(program: DeltaChat, answerer: DeltaChatUser): Answering {
  const waiting = new Map<string, () => void>();
  let isStopped = false;

  async function heard(account: number, id: number): Promise<void> {
    const message = await program.call<ShownMessage>("get_message", account, id);
    waiting.get(`${account} ${message.text}`)?.();
    if (account !== answerer.account) return;
    await answerer.call("accept_chat", message.chatId);
    await answerer.write(message.chatId, { text: `re: ${message.text}` });
  }

  async function listen(): Promise<void> {
    while (!isStopped) {
      const { contextId, event } = await program.call<ChatEvent>("get_next_event");
      if (event.kind === "IncomingMsg" && event.msgId !== undefined) {
        await heard(contextId, event.msgId);
      }
    }
  }

  // ends with the program
  listen().catch((error: unknown) => {
    if (!isStopped) throw error;
  });
  return {
    got: ({ account }, text) =>
      new Promise((resolve) => waiting.set(`${account} ${text}`, resolve)),
    stop: () => {
      isStopped = true;
    },
  };
}
