/** The mailboxes of a small mail server: who has one, and what is in it. In memory, for one machine's demo and tests. */

export interface StoredMail {
  readonly uid: number;
  readonly bytes: Uint8Array;
  readonly arrivedAt: Date;
  readonly flags: Set<string>;
}

export class Mailbox {
  readonly mails: StoredMail[] = [];
  #nextUid = 1;
  readonly #watchers = new Set<() => void>();

  get nextUid(): number {
    return this.#nextUid;
  }

  put(bytes: Uint8Array): void {
    this.mails.push({ uid: this.#nextUid++, bytes, arrivedAt: new Date(), flags: new Set() });
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** @returns their places before they were removed, each as it is when those before it are gone */
  remove(isRemoved: (mail: StoredMail) => boolean): readonly number[] {
    const places: number[] = [];
    for (let index = 0; index < this.mails.length;) {
      const mail = this.mails[index];
      if (mail === undefined || !isRemoved(mail)) index += 1;
      else {
        this.mails.splice(index, 1);
        places.push(index + 1);
      }
    }
    return places;
  }

  /** @returns how to stop watching */
  watch(onNew: () => void): () => void {
    this.#watchers.add(onNew);
    return () => this.#watchers.delete(onNew);
  }
}

export interface MailAccount {
  readonly address: string;
  readonly password: string;
}

/** By the address, in lower case. */
export class MailAccounts {
  readonly #accounts = new Map<string, { readonly password: string; readonly inbox: Mailbox }>();

  add({ address, password }: MailAccount): Mailbox {
    const inbox = new Mailbox();
    this.#accounts.set(address.toLowerCase(), { password, inbox });
    return inbox;
  }

  /** Null where nobody has the address. */
  inboxOf(address: string): Mailbox | null {
    return this.#accounts.get(address.toLowerCase())?.inbox ?? null;
  }

  /** Null for another password, too. */
  logIn({ address, password }: MailAccount): Mailbox | null {
    const account = this.#accounts.get(address.toLowerCase());
    return account?.password === password ? account.inbox : null;
  }
}
