/**
 * The way of a mail in: shape, author, limits, then `received` once for each recipient. Nothing is created for an author who is not
 * proven, and 250 is said only when it is kept.
 */
import { formatNativeAddress, type NativeAddress } from "../messaging/address/nativeAddress.js";
import { certificateIn } from "./autocryptIn.js";
import type { AwaitedCanaries } from "./awaitedCanaries.js";
import type { ResolveDns } from "./boundedDns.js";
import { readReport } from "./deliveryReport.js";
import { type Connection, type Evidence, evidenceOf } from "./evidence.js";
import { fromField } from "./fromField.js";
import { valuesOf } from "./headerFields.js";
import type { InboundLimits } from "./inboundLimits.js";
import { keepForAll, type KeepingParts } from "./keepForAll.js";
import type { LearnCertificate, OptOuts, SignerMemory } from "./mailPorts.js";
import type { ReceivedMail } from "./receivedMail.js";
import { canaryAddress, type Recipient } from "./recipients.js";
import {
  badFrom,
  brokenShape,
  fromNotAscii,
  fromOurselves,
  noCanary,
  noReport,
  notEncrypted,
  notWrittenTo,
  tooManyHops,
} from "./smtpReply.js";
import { verdictOn } from "./verdict.js";

export interface IncomingMailSettings extends KeepingParts {
  readonly mailDomain: string;
  readonly resolve: ResolveDns;
  readonly limits: InboundLimits;
  readonly signers: SignerMemory;
  readonly optOuts: OptOuts;
  readonly canaries: Pick<AwaitedCanaries, "isAwaited" | "came">;
  readonly learn: LearnCertificate;
  readonly nowMs: () => number;
}

/** As postfix counts them. */
const MOST_HOPS = 50;

export type TakeMail = (
  mail: ReceivedMail,
  recipients: readonly Recipient[],
  connection: Connection,
) => Promise<void>;

/** Throws SmtpRefusal, and what the ports throw. */
export function incomingMail(settings: IncomingMailSettings): TakeMail {
  const { events, limits, signers, optOuts } = settings;

  return async (mail, recipients, connection) => {
    if (valuesOf(mail.header, "received").length > MOST_HOPS) throw tooManyHops();
    const [first] = recipients;
    if (first?.is === "report") return takeReport(mail, first.token);
    if (first?.is === "canary") return takeCanary(mail, connection);
    if (first?.is === "user") assertEncrypted(mail);
    const from = authorOf(mail);
    const evidence = await assertProven(mail, from, connection);
    if (first !== undefined && "address" in first) {
      if (!isWrittenTo(first.address, mail, evidence)) throw notWrittenTo(first.address);
      return fulfil(first.is, from);
    }
    const learnt = async () => {
      const own = certificateOf(mail, from, evidence);
      if (own !== null) await settings.learn(from, null, own.certificate, own.saidMs);
    };
    await keepForAll({ mail, from, recipients, learnt }, settings);
  };

  /** Any mail of that person proves who wrote it; only one that was written there is a wish, and nobody can send another one there. */
  function isWrittenTo(address: string, { header }: ReceivedMail, evidence: Evidence | "too late") {
    const fields = valuesOf(header, "to").map((value) => value.trim().replace(/^<(.*)>$/, "$1"));
    const [to = ""] = fields;
    return (
      evidence !== "too late" &&
      evidence.coversTo &&
      fields.length === 1 &&
      to.toLowerCase() === address
    );
  }

  async function fulfil(wish: "opt-out" | "opt-in" | "leaving", from: NativeAddress) {
    switch (wish) {
      case "opt-out":
        return optOuts.add(from);
      case "opt-in":
        return optOuts.remove(from);
      case "leaving":
        return events.left(from);
    }
  }

  async function takeReport(mail: ReceivedMail, token: string): Promise<void> {
    const report = readReport(mail);
    if (report === null) throw noReport();
    await events.reported({ token, ...report });
  }

  /** Known by its id. That it still has a signature of ours is looked at as for everybody's mail. */
  async function takeCanary(mail: ReceivedMail, connection: Connection): Promise<void> {
    const { canaries, mailDomain, resolve, nowMs } = settings;
    const [id = "", ...others] = valuesOf(mail.header, "message-id").map((value) => value.trim());
    if (others.length > 0 || !canaries.isAwaited(id)) throw noCanary();
    canaries.came(
      id,
      await evidenceOf(mail, canaryAddress(mailDomain), connection, resolve, nowMs()),
    );
  }

  function authorOf({ header }: ReceivedMail): NativeAddress {
    const from = fromField(header);
    if (from.is === "not ASCII") throw fromNotAscii();
    if (from.is === "wrong") throw badFrom(from.problem);
    if (from.address.domain === settings.mailDomain) throw fromOurselves(settings.mailDomain);
    return from.address;
  }

  async function assertProven(mail: ReceivedMail, from: NativeAddress, connection: Connection) {
    let known: Promise<boolean> | undefined;
    const isKnown = () => (known ??= events.isKnown(from));
    const evidence = await evidenceOf(mail, from, connection, settings.resolve, settings.nowMs());
    const refusal = await verdictOn(from, mail.header, evidence, {
      isKnown,
      hasSeenSigner: (domain) => signers.has(from, domain),
    });
    if (refusal !== null) throw refusal;
    limits.mail(from, connection.ip);
    if (!(await isKnown())) limits.newPerson(from, connection.ip);
    if (evidence !== "too late") await remember(from, evidence);
    return evidence;
  }

  async function remember(from: NativeAddress, { isStrong, otherSigners }: Evidence) {
    if (isStrong) for (const domain of otherSigners) await signers.add(from, domain);
  }
}

/** Of the author, as the author's provider signed it: nobody on the way put it there. */
function certificateOf(
  { header }: ReceivedMail,
  from: NativeAddress,
  evidence: Evidence | "too late",
): { readonly certificate: Uint8Array; readonly saidMs: number } | null {
  if (evidence === "too late" || evidence.autocryptMs === null) return null;
  const key = certificateIn(header, "autocrypt");
  if (key?.address !== formatNativeAddress(from)) return null;
  return { certificate: key.certificate, saidMs: evidence.autocryptMs };
}

function assertEncrypted({ problem }: ReceivedMail): void {
  if (problem === "plain") throw notEncrypted();
  if (problem !== null) throw brokenShape(problem.broken);
}
