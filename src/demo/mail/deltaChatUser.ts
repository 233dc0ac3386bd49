/** Somebody with Delta Chat, as a person uses it: contacts by vCard, chats, and what the screen would show. */
import { setTimeout } from "node:timers/promises";
import { SignpostError } from "../../errors.js";
import type { DeltaChat } from "./deltaChat.js";
import type { MailServer } from "./mailServer.js";

/** What is looked at of a message of Delta Chat. */
export interface ShownMessage {
  readonly id: number;
  readonly chatId: number;
  readonly text: string;
  /** Whether it came encrypted, from whom it says. */
  readonly showPadlock: boolean;
  readonly error: string | null;
  readonly state: number;
  readonly isEdited: boolean;
  /** Number of the contact; those up to 9 are no people. */
  readonly fromId: number;
  readonly sender: { readonly address: string; readonly displayName: string };
  readonly quote: { readonly text: string; readonly messageId?: number } | null;
  readonly reactions: { readonly reactions: readonly { readonly emoji: string }[] } | null;
  /** Where it is kept. */
  readonly file: string | null;
  readonly fileName: string | null;
}

/** Of messages that it sent. */
export const MESSAGE_STATES = { failed: 24, delivered: 26, read: 28 } as const;

export interface OutgoingChatMessage {
  readonly text: string;
  readonly quotedMessageId?: number;
  /** Path of a file. */
  readonly file?: string;
  readonly filename?: string;
}

const PATIENCE_MS = 60_000;
const PAUSE_MS = 50;
/** Of the account itself, among its contacts. */
const SELF = 1;
const PASSWORD = "of the demo";

export class DeltaChatUser {
  private constructor(
    readonly program: DeltaChat,
    readonly account: number,
    readonly address: string,
  ) {}

  static async start(
    program: DeltaChat,
    address: string,
    server: MailServer,
  ): Promise<DeltaChatUser> {
    const account = await program.addAccount({ address, password: PASSWORD }, server);
    return new DeltaChatUser(program, account, address);
  }

  /** An account that is set up already, such as one from a backup. */
  static of(program: DeltaChat, account: number, address: string): DeltaChatUser {
    return new DeltaChatUser(program, account, address);
  }

  /** A method of its API for this account. */
  async call<Result>(method: string, ...params: readonly unknown[]): Promise<Result> {
    return this.program.call<Result>(method, this.account, ...params);
  }

  /** The own contact, to be given to others. */
  async vCard(): Promise<string> {
    return this.call("make_vcard", [SELF]);
  }

  /** @returns the chat with the card's person */
  async importVCard(text: string): Promise<number> {
    const [contact] = await this.call<number[]>("import_vcard_contents", text);
    return this.call("create_chat_by_contact_id", contact);
  }

  /** @returns the message's number */
  async write(chat: number, message: OutgoingChatMessage): Promise<number> {
    return this.call("send_msg", chat, message);
  }

  async message(id: number): Promise<ShownMessage> {
    return this.call("get_message", id);
  }

  /** All of all chats. */
  async messages(): Promise<readonly ShownMessage[]> {
    const chats = await this.call<number[]>("get_chatlist_entries", 0, null, null);
    const ids = await Promise.all(
      chats.map((chat) => this.call<number[]>("get_message_ids", chat, false, false)),
    );
    return Promise.all(ids.flat().map((id) => this.message(id)));
  }

  /** The first that is so, as soon as it is shown. Throws INTERNAL where it does not come: the demo has failed then. */
  async sees(isIt: (message: ShownMessage) => boolean): Promise<ShownMessage> {
    for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += PAUSE_MS) {
      const found = (await this.messages()).find(isIt);
      if (found !== undefined) return found;
      await setTimeout(PAUSE_MS);
    }
    throw new SignpostError("INTERNAL", `Delta Chat of ${this.address} did not show a message.`);
  }
}
