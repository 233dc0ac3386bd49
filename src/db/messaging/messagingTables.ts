/** The tables of a gateway, in their schema. */
import pg from "pg";

export interface MessagingTables {
  readonly link: string;
  readonly endedLink: string;
  readonly contact: string;
  readonly submission: string;
  readonly active: string;
}

export function messagingTables(schema: string): MessagingTables {
  const table = (name: string) => `${pg.escapeIdentifier(schema)}.${name}`;
  return {
    link: table("link"),
    endedLink: table("ended_link"),
    contact: table("contact"),
    submission: table("submission"),
    active: table("active_component"),
  };
}
