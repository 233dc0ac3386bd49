/** One client's connection: commands in, answers out (RFC 3501, section 6). */
import { fetched } from "./imapFetch.js";
import { type ImapWord, isInSet, textOfWord, wordsOf } from "./imapWords.js";
import type { MailAccounts, Mailbox, StoredMail } from "./mailboxes.js";

const CAPABILITIES = "IMAP4rev1 IDLE MOVE UIDPLUS LITERAL+ ID";

export interface ImapClient {
  readonly send: (bytes: Uint8Array | string) => void;
  readonly end: () => void;
}

interface Command {
  readonly tag: string;
  readonly words: readonly ImapWord[];
  /** Whether numbers are UIDs. */
  readonly isByUid: boolean;
}

export class ImapSession {
  #inbox: Mailbox | null = null;
  #isSelected = false;
  /** The tag of the IDLE that goes on. */
  #idleTag: string | null = null;
  #stopWatching = (): void => undefined;
  /** The client knows of what has lower ones. */
  #toldUid = 1;

  constructor(
    readonly accounts: MailAccounts,
    readonly client: ImapClient,
  ) {
    client.send(`* OK [CAPABILITY ${CAPABILITIES}] ready\r\n`);
  }

  stop(): void {
    this.#stopWatching();
  }

  hear(line: string): void {
    if (this.#idleTag !== null) {
      if (line.toUpperCase() === "DONE") this.#endIdle();
      return;
    }
    const [tag, name, ...words] = wordsOf(line) ?? [];
    if (typeof tag !== "string" || typeof name !== "string") {
      this.client.send("* BAD This is no command.\r\n");
      return;
    }
    const isByUid = name.toUpperCase() === "UID";
    const verb = textOfWord(isByUid ? words[0] : name).toUpperCase();
    const answer = this.#answer(verb, { tag, words: isByUid ? words.slice(1) : words, isByUid });
    if (answer !== null) this.client.send(`${tag} ${answer}\r\n`);
    if (verb === "LOGOUT") this.client.end();
  }

  /** The last line, without the tag; null where it comes later. */
  #answer(verb: string, command: Command): string | null {
    switch (verb) {
      case "CAPABILITY":
        return this.#told(`CAPABILITY ${CAPABILITIES}`);
      case "NOOP":
      case "CHECK":
        if (this.#isSelected) this.#tellNumber();
        return "OK done";
      case "ID":
        return this.#told("ID NIL");
      case "LOGOUT":
        return this.#told("BYE see you");
      case "LOGIN":
        return this.#logIn(command);
    }
    return this.#inbox === null ? "NO Log in first." : this.#answerUser(verb, command);
  }

  #answerUser(verb: string, command: Command): string | null {
    switch (verb) {
      case "LIST":
      case "LSUB":
        return this.#told(`${verb} (\\HasNoChildren) "/" INBOX`);
      case "STATUS":
        return this.#told(
          `STATUS INBOX (MESSAGES ${this.#mails.length} UIDNEXT ${this.#inbox?.nextUid ?? 1} UIDVALIDITY 1 UNSEEN 0)`,
        );
      case "SELECT":
      case "EXAMINE":
        return this.#select(command);
    }
    return this.#isSelected ? this.#answerInInbox(verb, command) : "NO Select INBOX first.";
  }

  #answerInInbox(verb: string, command: Command): string | null {
    switch (verb) {
      case "FETCH":
        return this.#fetch(command);
      case "STORE":
        return this.#store(command);
      case "SEARCH":
        return this.#told(`SEARCH ${this.#mails.map(({ uid }) => uid).join(" ")}`.trim());
      case "MOVE":
        return this.#expunge((mail) => this.#isMeant(mail, command));
      case "EXPUNGE":
        return this.#expunge(
          (mail) =>
            mail.flags.has("\\Deleted") && (!command.isByUid || this.#isMeant(mail, command)),
        );
      case "CLOSE":
      case "UNSELECT":
        this.#isSelected = false;
        this.#inbox?.remove(({ flags }) => verb === "CLOSE" && flags.has("\\Deleted"));
        return "OK closed";
      case "IDLE":
        return this.#idle(command);
      default:
        return "BAD This server does not know the command.";
    }
  }

  get #mails(): readonly StoredMail[] {
    return this.#inbox?.mails ?? [];
  }

  #tellNumber(): void {
    this.#told(`${this.#mails.length} EXISTS`);
    this.#toldUid = this.#inbox?.nextUid ?? 1;
  }

  #told(untagged: string): string {
    this.client.send(`* ${untagged}\r\n`);
    return "OK done";
  }

  #logIn({ words }: Command): string {
    const [address, password] = words.map(textOfWord);
    this.#inbox = this.accounts.logIn({ address: address ?? "", password: password ?? "" });
    return this.#inbox === null ? "NO [AUTHENTICATIONFAILED] Wrong address or password." : "OK in";
  }

  #select({ words }: Command): string {
    this.#isSelected = textOfWord(words[0]).toUpperCase() === "INBOX";
    if (!this.#isSelected) return "NO [NONEXISTENT] There is only INBOX.";
    const flags = "(\\Seen \\Deleted \\Answered \\Flagged \\Draft)";
    const lines = [
      `FLAGS ${flags}`,
      `OK [PERMANENTFLAGS ${flags}] kept`,
      `${this.#mails.length} EXISTS`,
      "0 RECENT",
      "OK [UIDVALIDITY 1] kept",
      `OK [UIDNEXT ${this.#inbox?.nextUid ?? 1}] next`,
    ];
    this.client.send(lines.map((line) => `* ${line}\r\n`).join(""));
    this.#toldUid = this.#inbox?.nextUid ?? 1;
    return "OK [READ-WRITE] selected";
  }

  #isMeant(mail: StoredMail, { words, isByUid }: Command): boolean {
    const mails = this.#mails;
    const set = textOfWord(words[0]);
    return isByUid
      ? isInSet(set, mail.uid, mails.at(-1)?.uid ?? 0)
      : isInSet(set, mails.indexOf(mail) + 1, mails.length);
  }

  #fetch(command: Command): string {
    const [, given = ""] = command.words;
    const items = (typeof given === "string" ? [given] : given).map(textOfWord);
    const asked = command.isByUid && !items.some((item) => /^uid$/i.test(item));
    this.#mails.forEach((mail, index) => {
      if (!this.#isMeant(mail, command)) return;
      this.client.send(`* ${index + 1} FETCH (`);
      this.client.send(fetched(mail, asked ? ["UID", ...items] : items));
      this.client.send(")\r\n");
    });
    return "OK fetched";
  }

  #store(command: Command): string {
    const [, way = "", given = ""] = command.words;
    const flags = (typeof given === "string" ? [given] : given).map(textOfWord);
    this.#mails.forEach((mail, index) => {
      if (!this.#isMeant(mail, command)) return;
      const isRemoval = textOfWord(way).startsWith("-");
      for (const flag of flags) {
        if (isRemoval) mail.flags.delete(flag);
        else mail.flags.add(flag);
      }
      if (/\.SILENT$/i.test(textOfWord(way))) return;
      this.client.send(
        `* ${index + 1} FETCH (UID ${mail.uid} FLAGS (${[...mail.flags].join(" ")}))\r\n`,
      );
    });
    return "OK stored";
  }

  #expunge(isRemoved: (mail: StoredMail) => boolean): string {
    for (const place of this.#inbox?.remove(isRemoved) ?? []) {
      this.client.send(`* ${place} EXPUNGE\r\n`);
    }
    return "OK removed";
  }

  #idle({ tag }: Command): null {
    this.#idleTag = tag;
    this.client.send("+ idling\r\n");
    // a client that is told the same number again looks again, at once and without end
    if (this.#inbox?.nextUid !== this.#toldUid) this.#tellNumber();
    const stop = this.#inbox?.watch(() => {
      this.#tellNumber();
    });
    this.#stopWatching = () => stop?.();
    return null;
  }

  #endIdle(): void {
    this.#stopWatching();
    this.client.send(`${this.#idleTag ?? ""} OK idled\r\n`);
    this.#idleTag = null;
  }
}
