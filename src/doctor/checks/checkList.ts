/** THE LIST OF CHECKS, in the order in which a client meets what they are about. */
import type { Check, GatewayCheck } from "../check.js";
import { ABSENT_CHECKS } from "./absentChecks.js";
import { ADMINISTRATION_CHECKS } from "./administrationChecks.js";
import { ANSWER_CHECKS } from "./answerChecks.js";
import { BATCH_CHECKS } from "./batchChecks.js";
import { CHAIN_CHECKS } from "./chainChecks.js";
import { CORS_CHECKS } from "./corsChecks.js";
import { FUNCTION_CHECKS } from "./functionChecks.js";
import { GATEWAY_CHECKS } from "./gatewayChecks.js";
import { CONDUCT_CHECKS } from "./gatewayConductChecks.js";
import { HIDDEN_NAMES_CHECKS } from "./hiddenNamesChecks.js";
import { INSTALLATION_CHECKS } from "./installationChecks.js";
import { INTERFACE_CHECKS } from "./interfaceChecks.js";
import { LOOKUP_CHECKS } from "./lookupChecks.js";
import { NAME_CHECKS } from "./nameChecks.js";
import { OWN_ENTRY_CHECKS } from "./ownEntryChecks.js";
import { PROFILE_CHECKS } from "./profileChecks.js";
import { REGISTRATION_CHECKS } from "./registrationChecks.js";
import { STATEMENT_CHECKS } from "./statementChecks.js";
import { UNIVERSAL_CHECKS } from "./universalChecks.js";

/** From the name to what its resolver asks for; once. */
export const RESOLVER_CHECKS: readonly Check[] = [
  ...CHAIN_CHECKS, // rpc-reachable, chain-clock
  ...NAME_CHECKS, // name-normalised, resolver-found, resolver-code, wildcard
  ...OWN_ENTRY_CHECKS, // own-entry
  ...HIDDEN_NAMES_CHECKS, // hidden-names
  ...REGISTRATION_CHECKS, // registration
  ...INTERFACE_CHECKS, // multicall-feature, interface-claims, empty-call
  ...BATCH_CHECKS, // batch-feature
  ...ADMINISTRATION_CHECKS, // owner, pending-owner, signers
  ...LOOKUP_CHECKS, // lookup-form, lookup-sender, request-chain, url-order
];

/** For each gateway URL by itself. */
export const URL_CHECKS: readonly GatewayCheck[] = [
  ...GATEWAY_CHECKS, // url-template, gateway-reachable, gateway-answer, content-type
  ...CORS_CHECKS, // cors-preflight, cors-header
  ...ANSWER_CHECKS, // answer-expiry, answer-signer, answer-accepted
  ...CONDUCT_CHECKS, // gateway-clock, gateway-oracle, gateway-burst, latency
];

/** Through the first gateway URL whose answers are accepted; once. */
export const RECORD_CHECKS: readonly Check[] = [
  ...ABSENT_CHECKS, // absent-text, absent-addr, absent-addr-coin, absent-contenthash, absent-key
  ...FUNCTION_CHECKS, // unknown-function, multicall
  ...UNIVERSAL_CHECKS, // universal-single, universal-multicall
  ...PROFILE_CHECKS, // profile, relay-nodes
  ...STATEMENT_CHECKS, // relay-node, network, certificate
  ...INSTALLATION_CHECKS, // installations
];
