/** A private XMPP server on this machine: on loopback and ports of its own, with its data in one folder, touching nothing else. */

export interface XmppServer {
  readonly kind: XmppServerKind;
  readonly host: "127.0.0.1";
  /** For clients, without TLS. */
  readonly clientPort: number;
  readonly componentPort: number;
  /** `chat.test` */
  readonly domain: string;
  /** `dm3.chat.test` */
  readonly componentDomain: string;
  readonly secret: string;
  /** With its data; its log is in there. */
  readonly folder: string;
  /** Of the server's process. */
  pid(): number;
  /** In order, as an operator would; waits until it has ended. */
  stop(): Promise<void>;
  /** SIGKILL; waits as well. */
  kill(): Promise<void>;
  /** Again, on the same ports and data, after `stop` or `kill`; waits until it answers. */
  start(): Promise<void>;
  /** Kills it and removes its folder. */
  remove(): Promise<void>;
}

export type XmppServerKind = "prosody" | "ejabberd";

export interface XmppServerOptions {
  readonly domain?: string;
  /** Components beside `dm3.<domain>`, with the same secret. */
  readonly furtherComponents?: readonly string[];
  /** Of one user, for those who are away. */
  readonly mostOffline?: number;
  /** Keeps an archive of all messages; on unless told. */
  readonly archive?: boolean;
}

/** What the configuration of a server is made of. */
export interface ServerPlan {
  readonly folder: string;
  readonly domain: string;
  readonly components: readonly string[];
  readonly secret: string;
  readonly clientPort: number;
  readonly componentPort: number;
  readonly mostOffline: number;
  readonly archive: boolean;
}

/** How one kind of server is run. */
export interface ServerProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export const INSTALL =
  "Install them with: apt-get install -y --no-install-recommends prosody ejabberd";
