/** E-mail as a network that knows nothing of DM3: SMTP in and out, as docs/mail-wire.md tells. */
import { isSignpostError, SignpostError } from "../errors.js";
import { within } from "../fetch/within.js";
import type { NativeEvents, NativeTransport } from "../messaging/bridge/nativeTransport.js";
import type { Counter } from "../relay/senderLimits.js";
import { awaitedCanaries, type CanaryBack } from "./awaitedCanaries.js";
import type { ResolveDns } from "./boundedDns.js";
import type { DkimKeys } from "./dkimKeys.js";
import { type DkimSigner, openDkimSigner } from "./dkimSigner.js";
import { type FailureReport, type ReportOutcome, sendReport } from "./failureReport.js";
import { type InboundBounds, inboundLimits } from "./inboundLimits.js";
import { incomingMail } from "./incomingMail.js";
import { keptConnections } from "./keptConnections.js";
import type {
  CertificateOf,
  LearnCertificate,
  OptOuts,
  SealReport,
  SignerMemory,
} from "./mailPorts.js";
import { type BudgetLimits, memoryBudget } from "./memoryBudget.js";
import { type OutboundBounds, outboundLimits } from "./outboundLimits.js";
import { outgoingMail } from "./outgoingMail.js";
import { receiveMail } from "./receivedMail.js";
import { recentMails } from "./recentMails.js";
import { type Recipient, recipientOf } from "./recipients.js";
import { type CanaryMail, sendCanary } from "./sendCanary.js";
import { type InletHandlers, type InletSettings, openInlet, type SmtpInlet } from "./smtpInlet.js";
import { type OutletSettings, smtpOutlet } from "./smtpOutlet.js";
import { noSuchUser, tooMuch, tryLater } from "./smtpReply.js";

export interface MailTransportSettings {
  /** Of the addresses of DM3 users: `alice.eth@<mail domain>`. */
  readonly mailDomain: string;
  readonly inlet: InletSettings;
  readonly outlet: OutletSettings;
  readonly dkim: DkimKeys;
  readonly resolve: ResolveDns;
  readonly counter: Counter;
  readonly inbound: InboundBounds;
  readonly outbound: OutboundBounds;
  readonly budget: BudgetLimits;
  readonly signers: SignerMemory;
  readonly optOuts: OptOuts;
  readonly certificateOf: CertificateOf;
  readonly sealReport: SealReport;
  readonly learn: LearnCertificate;
  /** Troubles that an operator has to know. */
  readonly trouble: (error: SignpostError) => void;
  readonly nowMs: () => number;
}

export interface MailTransport extends NativeTransport {
  /** Null until it listens. */
  readonly port: () => number | null;
  /** Tells a mail user that a mail of theirs, which was taken, could not be delivered. Throws UNREACHABLE. */
  readonly reportTo: (report: FailureReport) => Promise<ReportOutcome>;
  /** Sends it, and resolves when it is back. Throws UNREACHABLE, and the reason of `signal`. */
  readonly canary: (mail: CanaryMail, signal: AbortSignal) => Promise<CanaryBack>;
}

/** In ms, of one lookup of a recipient. */
const LONGEST_LOOKUP = 30_000;

interface Running {
  readonly inlet: SmtpInlet;
  readonly send: NativeTransport["send"];
  readonly signer: DkimSigner;
}

export function mailTransport(settings: MailTransportSettings): MailTransport {
  const { mailDomain, inlet, resolve, nowMs, counter } = settings;
  const budget = memoryBudget(settings.budget);
  const limits = {
    in: inboundLimits(counter, settings.inbound),
    out: outboundLimits(counter, settings.outbound),
  };
  const kept = keptConnections();
  const outlet = smtpOutlet(settings.outlet, inlet.hostName, resolve, kept);
  const canaries = awaitedCanaries();
  let running: Running | null = null;

  async function start(events: NativeEvents): Promise<void> {
    if (running !== null) throw new SignpostError("INTERNAL", "The transport was started twice.");
    const signer = await openDkimSigner(mailDomain, settings.dkim, nowMs);
    const send = outgoingMail({
      ...{ ...settings, hasWritten: events.hasWritten, limits: limits.out, budget, signer, outlet },
    });
    running = { signer, send, inlet: await openInlet(inlet, handlersOf(events)) };
  }

  function handlersOf(events: NativeEvents): InletHandlers {
    const take = incomingMail({
      ...{ ...settings, events, limits: limits.in, recent: recentMails(), canaries },
      notDelivered: async (to, recipient, sentence, original) => {
        const told = await reportTo({ to, recipient, is: "failed", sentence, original });
        if (told === "too many today") throw tooMuch();
      },
    });
    return {
      recipient: async (text, { ip }) => {
        limits.in.recipient(ip);
        const found = findRecipient(text, events);
        return within(LONGEST_LOOKUP, found, () => {
          throw tryLater();
        });
      },
      mail: async (stream, recipients, connection) => {
        const allowance = budget.open();
        try {
          await take(await receiveMail(stream, inlet.sizeLimit, allowance), recipients, connection);
        } finally {
          allowance.close();
        }
      },
      trouble,
    };
  }

  /** "Nobody" only where that was found out: what the ports throw is told as "later". */
  async function findRecipient(text: string, events: NativeEvents): Promise<Recipient> {
    const recipient = await recipientOf(text, mailDomain, events.nameOfHash);
    if (!(await isThere(recipient, events))) throw noSuchUser(text.replace(/[^ -~]/g, "?"));
    return recipient;
  }

  async function isThere(recipient: Recipient, events: NativeEvents): Promise<boolean> {
    switch (recipient.is) {
      case "user":
        return events.exists(recipient.name);
      case "report":
        return events.isToken(recipient.token);
      case "canary":
        return canaries.isAnyAwaited();
      case "opt-out":
      case "opt-in":
      case "leaving":
        return true;
    }
  }

  function trouble(error: unknown): void {
    settings.trouble(
      isSignpostError(error)
        ? error
        : new SignpostError("INTERNAL", "A mail could not be handled.", {}, { cause: error }),
    );
  }

  function started(): Running {
    if (running !== null) return running;
    throw new SignpostError(
      "UNREACHABLE",
      "The mail server is not started yet. Try it again later.",
      {
        reason: "it is not started",
      },
    );
  }

  async function reportTo(report: FailureReport): Promise<ReportOutcome> {
    const { signer } = started();
    const { sealReport: seal } = settings;
    return sendReport(report, {
      ...{ mailDomain, budget, signer, outlet, nowMs, limits: limits.out, seal },
    });
  }

  return {
    kind: "mail",
    start,
    send: async (message) => started().send(message),
    reportTo,
    canary: async (mail, signal) => {
      const { signer } = started();
      return sendCanary(mail, signal, { mailDomain, budget, signer, outlet, nowMs, canaries });
    },
    tell: async ({ to, from, head, sentence }) => {
      const original = Buffer.from(`${head}\r\n\r\n`, "latin1");
      const outcome = await reportTo({ to, recipient: from, is: "failed", sentence, original });
      if (outcome !== "too many today") return;
      throw new SignpostError("UNREACHABLE", "That person got too many reports today.", {
        reason: outcome,
      });
    },
    port: () => running?.inlet.port ?? null,
    stop: async () => {
      kept.stop();
      await running?.inlet.stop();
      running = null;
    },
  };
}
